//! How far a figure moves when other companies had been looked at.

/// How often each company is in each of many samples of as many companies, drawn with replacement.
#[derive(Debug)]
pub struct Samples(Vec<Vec<u16>>);

/// A figure with the 2.5th and 97.5th percentile of its bootstrap distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Of all companies as they are.
    pub figure: f64,
    /// Of the samples.
    pub low: f64,
    /// Of the samples.
    pub high: f64,
}

impl Samples {
    /// The same seed draws the same samples.
    pub fn draw(companies: usize, samples: usize, seed: u64) -> Self {
        let mut random = SplitMix64(seed);
        let sample = |_| {
            let mut times = vec![0; companies];
            for _ in 0..companies {
                if let Some(times) = times.get_mut(random.below(companies)) {
                    *times += 1;
                }
            }
            times
        };
        Self((0..samples).map(sample).collect())
    }

    /// A figure and its interval. `figure` is told how often each company counts.
    pub fn interval(&self, figure: impl Fn(&dyn Fn(usize) -> f64) -> f64) -> Interval {
        let of = |times: &Vec<u16>| {
            figure(&|company| times.get(company).copied().map_or(0.0, f64::from))
        };
        let mut sampled: Vec<f64> = self.0.iter().map(of).filter(|x| !x.is_nan()).collect();
        sampled.sort_by(f64::total_cmp);
        let last = sampled.len().saturating_sub(1);
        let at = |thousandths: usize| {
            sampled
                .get(last * thousandths / 1000)
                .copied()
                .unwrap_or(f64::NAN)
        };
        Interval {
            figure: figure(&|_| 1.0),
            low: at(25),
            high: at(975),
        }
    }
}

/// Steele, Lea and Flood, “Fast splittable pseudorandom number generators”, OOPSLA 2014.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let scaled = (u128::from(self.next()) * end as u128) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = SplitMix64(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_sample_has_as_many_companies_and_the_seed_decides_which() {
        let samples = Samples::draw(50, 3, 1);
        for times in &samples.0 {
            assert_eq!(times.iter().map(|times| u32::from(*times)).sum::<u32>(), 50);
        }
        assert_eq!(samples.0, Samples::draw(50, 3, 1).0);
        assert_ne!(samples.0, Samples::draw(50, 3, 2).0);
    }

    #[test]
    fn the_mean_of_a_hundred_coins_has_the_textbook_interval() {
        // The standard error of a half of 100 is 0.05: the interval is 0.4 to 0.6, give or take the samples' own noise.
        let samples = Samples::draw(100, 2000, 1);
        let heads = samples.interval(|times| (0..50).map(times).sum::<f64>() / 100.0);
        assert!((heads.figure - 0.5).abs() < 1e-12);
        assert!(
            (heads.low - 0.4).abs() < 0.02 && (heads.high - 0.6).abs() < 0.02,
            "{heads:?}"
        );
    }
}
