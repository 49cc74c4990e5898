use serde::{Deserialize, Serialize};

use crate::number::rounded;
use crate::random::Random;

/// Bootstrap samples of an interval.
pub(crate) const SAMPLES: usize = 1_000;
/// Fewer protocols than this give no interval.
const MIN_PROTOCOLS: usize = 5;

/// Spearman's rank correlation, −1 to 1, with what it is worth. Rounded to four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// The coefficient. None of less than three cases, or where all values are the same.
    pub value: Option<f64>,
    /// How many cases.
    pub n: usize,
    /// How many protocols they are of.
    pub protocols: usize,
    /// The 2.5th percentile of a thousand bootstrap samples of protocols, each with all its cases.
    pub low: Option<f64>,
    /// The 97.5th percentile.
    pub high: Option<f64>,
}

/// A variable in the order of its values.
#[derive(Clone, Debug)]
struct Ordered {
    /// Cases by ascending value: the case, its protocol, and whether it is the last of its value.
    cases: Vec<(u32, u32, bool)>,
}

impl Ordered {
    fn of(values: &[f64], protocols: &[u32]) -> Self {
        let mut order: Vec<(f64, u32, u32)> = values
            .iter()
            .zip(protocols)
            .zip(0_u32..)
            .map(|((value, protocol), case)| (*value, case, *protocol))
            .collect();
        // The case breaks ties, so that the sums below are those of one order.
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let next = order.iter().skip(1).map(|next| Some(next.0)).chain([None]);
        let cases = order
            .iter()
            .zip(next)
            .map(|((value, case, protocol), next)| (*case, *protocol, next != Some(*value)))
            .collect();
        Self { cases }
    }

    /// Twice the mean rank of each case, less the mean of all, where protocol *p* is there `times[p]` times; as it is divided
    /// through, no scale matters. `ranks` has a place for each case.
    fn ranks(&self, times: &[u16], total: f64, ranks: &mut [f64]) {
        let (mut below, mut tied) = (0_u32, 0_u32);
        let mut first = 0;
        for (index, (_, protocol, is_last)) in self.cases.iter().enumerate() {
            tied += u32::from(times.get(*protocol as usize).copied().unwrap_or(0));
            if *is_last {
                let rank = f64::from(2 * below + tied) - total;
                for (case, _, _) in self.cases.get(first..=index).unwrap_or_default() {
                    if let Some(of) = ranks.get_mut(*case as usize) {
                        *of = rank;
                    }
                }
                (below, tied, first) = (below + tied, 0, index + 1);
            }
        }
    }
}

/// Correlates several variables with one outcome over the same cases, and the same samples of their protocols.
#[derive(Debug)]
pub(crate) struct Correlator<'a> {
    /// The protocol of each case, numbered from 0 without gaps.
    protocols: &'a [u32],
    count: usize,
    outcome: Ordered,
    variables: Vec<Ordered>,
}

impl<'a> Correlator<'a> {
    pub(crate) fn new(protocols: &'a [u32], outcome: &[f64], variables: &[Vec<f64>]) -> Self {
        let of = |values: &[f64]| Ordered::of(values, protocols);
        Self {
            protocols,
            count: protocols.iter().max().map_or(0, |last| *last as usize + 1),
            outcome: of(outcome),
            variables: variables.iter().map(|values| of(values)).collect(),
        }
    }

    /// The correlation of each variable with the outcome.
    pub(crate) fn correlations(&self, seed: u64) -> Vec<Correlation> {
        let mut scratch = Scratch::new(self.protocols.len());
        let whole = self.coefficients(&vec![1; self.count], &mut scratch);
        let intervals = self.intervals(seed, &mut scratch);
        whole
            .into_iter()
            .zip(intervals)
            .map(|(value, (low, high))| Correlation {
                value: value.map(|of| rounded(of, 4)),
                n: self.protocols.len(),
                protocols: self.count,
                low: low.map(|of| rounded(of, 4)),
                high: high.map(|of| rounded(of, 4)),
            })
            .collect()
    }

    /// The percentile interval of each variable (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, 13.3). Protocols are
    /// drawn, not cases: cases of a protocol are not independent.
    fn intervals(&self, seed: u64, scratch: &mut Scratch) -> Vec<(Option<f64>, Option<f64>)> {
        let mut samples: Vec<Vec<f64>> = vec![Vec::with_capacity(SAMPLES); self.variables.len()];
        if self.count >= MIN_PROTOCOLS {
            let mut random = Random::new(seed);
            let mut times = vec![0_u16; self.count];
            for _ in 0..SAMPLES {
                times.fill(0);
                for _ in 0..self.count {
                    if let Some(times) = times.get_mut(random.below(self.count)) {
                        *times += 1;
                    }
                }
                let found = self.coefficients(&times, scratch);
                for (samples, value) in samples.iter_mut().zip(found) {
                    samples.extend(value);
                }
            }
        }
        samples.into_iter().map(percentiles).collect()
    }

    /// Spearman's coefficient of each variable: Pearson's of the mean ranks.
    fn coefficients(&self, times: &[u16], scratch: &mut Scratch) -> Vec<Option<f64>> {
        scratch.weigh(self.protocols, times);
        let total: f64 = scratch.weights.iter().sum();
        self.outcome.ranks(times, total, &mut scratch.outcome);
        self.variables
            .iter()
            .map(|variable| {
                variable.ranks(times, total, &mut scratch.variable);
                pearson(scratch, total)
            })
            .collect()
    }
}

/// Space that is used for all samples.
#[derive(Debug)]
struct Scratch {
    weights: Vec<f64>,
    outcome: Vec<f64>,
    variable: Vec<f64>,
}

impl Scratch {
    fn new(cases: usize) -> Self {
        let zeros = vec![0.0; cases];
        Self {
            weights: zeros.clone(),
            outcome: zeros.clone(),
            variable: zeros,
        }
    }

    fn weigh(&mut self, protocols: &[u32], times: &[u16]) {
        for (weight, protocol) in self.weights.iter_mut().zip(protocols) {
            *weight = f64::from(times.get(*protocol as usize).copied().unwrap_or(0));
        }
    }
}

/// Of ranks whose weighted mean is 0.
fn pearson(scratch: &Scratch, total: f64) -> Option<f64> {
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    let ranks = scratch.variable.iter().zip(&scratch.outcome);
    for ((x, y), weight) in ranks.zip(&scratch.weights) {
        xx += weight * x * x;
        yy += weight * y * y;
        xy += weight * x * y;
    }
    let scale = (xx * yy).sqrt();
    (total >= 3.0 && scale > 0.0).then(|| (xy / scale).clamp(-1.0, 1.0))
}

/// The 2.5th and the 97.5th percentile, by the nearest rank.
fn percentiles(mut samples: Vec<f64>) -> (Option<f64>, Option<f64>) {
    samples.sort_unstable_by(f64::total_cmp);
    let at = |thousandths: usize| {
        let rank = (samples.len() * thousandths).div_ceil(1_000).max(1);
        samples.get(rank - 1).copied()
    };
    (at(25), at(975))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(protocols: &[u32], x: &[f64], y: &[f64]) -> Correlation {
        Correlator::new(protocols, y, &[x.to_vec()])
            .correlations(1)
            .remove(0)
    }

    #[test]
    fn coefficients_are_those_of_the_books() {
        // Ranks of y: 1 2 3 5 4. ρ = 1 − 6 · 2 / (5 · 24) = 0.9.
        let five = [0, 1, 2, 3, 4];
        assert_eq!(
            of(
                &five,
                &[1.0, 2.0, 3.0, 4.0, 5.0],
                &[10.0, 20.0, 30.0, 50.0, 40.0]
            )
            .value,
            Some(0.9)
        );
        // With ties, scipy.stats.spearmanr gives 0.9486832980505138.
        let tied = of(&[0, 1, 2, 3], &[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((tied.value, tied.n, tied.low), (Some(0.9487), 4, None));
        assert_eq!(of(&five, &[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]).value, None);
        assert_eq!(of(&[0, 1], &[1.0, 2.0], &[1.0, 2.0]).value, None);
        assert_eq!(of(&[], &[], &[]), Correlation::default());
    }

    proptest! {
        /// A sample is what one gets by writing its cases down as often as they are drawn.
        #[test]
        fn weights_are_repetitions(
            cases in prop::collection::vec((0u32..6, 0u8..9, 0u8..9), 3..30),
            times in prop::collection::vec(0u16..4, 6),
        ) {
            let protocols: Vec<u32> = cases.iter().map(|case| case.0).collect();
            let x: Vec<f64> = cases.iter().map(|case| f64::from(case.1)).collect();
            let y: Vec<f64> = cases.iter().map(|case| f64::from(case.2)).collect();
            let correlator = Correlator::new(&protocols, &y, std::slice::from_ref(&x));
            let weighted = correlator.coefficients(&times, &mut Scratch::new(cases.len()))[0];
            let mut repeated: (Vec<u32>, Vec<f64>, Vec<f64>) = Default::default();
            for ((protocol, x), y) in protocols.iter().zip(&x).zip(&y) {
                for _ in 0..times[*protocol as usize] {
                    repeated.0.push(0);
                    repeated.1.push(*x);
                    repeated.2.push(*y);
                }
            }
            let correlator = Correlator::new(&repeated.0, &repeated.2, std::slice::from_ref(&repeated.1));
            let plain = correlator.coefficients(&[1], &mut Scratch::new(repeated.0.len()))[0];
            prop_assert_eq!(weighted.is_some(), plain.is_some());
            prop_assert!((weighted.unwrap_or_default() - plain.unwrap_or_default()).abs() < 1e-9);
        }

        #[test]
        fn the_interval_is_in_range_in_order_and_seeded(
            cases in prop::collection::vec((0u32..30, any::<f64>(), any::<f64>()), 0..60),
            seed in any::<u64>(),
        ) {
            let usable = cases.iter().filter(|case| case.1.is_finite() && case.2.is_finite());
            let mut cases: Vec<_> = usable.copied().collect();
            cases.sort_by_key(|case| case.0);
            let mut names: Vec<u32> = cases.iter().map(|case| case.0).collect();
            names.dedup();
            let protocols: Vec<u32> = cases.iter()
                .map(|case| u32::try_from(names.iter().position(|name| *name == case.0).unwrap()).unwrap())
                .collect();
            let x: Vec<f64> = cases.iter().map(|case| case.1).collect();
            let y: Vec<f64> = cases.iter().map(|case| case.2).collect();
            let of = |seed| Correlator::new(&protocols, &y, std::slice::from_ref(&x)).correlations(seed).remove(0);
            let found = of(seed);
            prop_assert_eq!(found, of(seed));
            prop_assert!(found.value.is_none_or(|value| (-1.0..=1.0).contains(&value)));
            if let Some((low, high)) = found.low.zip(found.high) {
                prop_assert!((-1.0..=1.0).contains(&low) && low <= high && high <= 1.0);
            }
        }
    }
}
