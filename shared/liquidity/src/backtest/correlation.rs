use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::number::rounded;
use crate::random::Random;

/// Bootstrap samples of an interval.
pub(crate) const SAMPLES: usize = 1_000;
/// Fewer protocols than this give no interval.
const MIN_PROTOCOLS: usize = 5;

/// Spearman's rank correlation, −1 to 1, with what it is worth. Rounded to four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "BacktestCorrelation")]
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

/// A case in the order of a variable.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Its place in the order of the outcome.
    case: u32,
    protocol: u32,
    /// Whether it is the last of its value.
    is_last: bool,
}

/// The cases in the order of these values. Equal values keep the order of the cases, so that sums are always those of one order.
fn ordered(values: &[f64], cases: impl Iterator<Item = (u32, u32)>) -> Vec<Place> {
    let mut order: Vec<(f64, u32, u32)> = values
        .iter()
        .zip(cases)
        .map(|(value, (case, protocol))| (*value, case, protocol))
        .collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let next = order.iter().skip(1).map(|next| Some(next.0)).chain([None]);
    order
        .iter()
        .zip(next)
        .map(|((value, case, protocol), next)| Place {
            case: *case,
            protocol: *protocol,
            is_last: next != Some(*value),
        })
        .collect()
}

/// Correlates several variables with one outcome over the same cases, and the same samples of their protocols. Everything is sorted once: the
/// ranks of a sample follow in one pass from how often each protocol is drawn.
#[derive(Debug)]
pub(crate) struct Correlator {
    cases: usize,
    /// How many protocols there are.
    protocols: usize,
    outcome: Vec<Place>,
    variables: Vec<Vec<Place>>,
}

impl Correlator {
    /// `protocols` has the protocol of each case, numbered from 0 without gaps.
    pub(crate) fn new(protocols: &[u32], outcome: &[f64], variables: &[Vec<f64>]) -> Self {
        let numbered = (0_u32..).zip(protocols.iter().copied());
        let mut outcome = ordered(outcome, numbered);
        let mut place_of = vec![0_u32; protocols.len()];
        for (place, case) in (0_u32..).zip(&mut outcome) {
            if let Some(of) = place_of.get_mut(case.case as usize) {
                *of = place;
            }
            case.case = place;
        }
        let cases = || place_of.iter().copied().zip(protocols.iter().copied());
        Self {
            cases: protocols.len(),
            protocols: protocols.iter().max().map_or(0, |last| *last as usize + 1),
            outcome,
            variables: variables
                .iter()
                .map(|values| ordered(values, cases()))
                .collect(),
        }
    }

    /// The correlation of each variable with the outcome.
    pub(crate) fn correlations(&self, seed: u64) -> Vec<Correlation> {
        let mut ranks = vec![0.0; self.cases];
        let whole = self.coefficients(&vec![1.0; self.protocols], &mut ranks);
        let intervals = self.intervals(seed, &mut ranks);
        whole
            .into_iter()
            .zip(intervals)
            .map(|(value, (low, high))| Correlation {
                value: value.map(|of| rounded(of, 4)),
                n: self.cases,
                protocols: self.protocols,
                low: low.map(|of| rounded(of, 4)),
                high: high.map(|of| rounded(of, 4)),
            })
            .collect()
    }

    /// The percentile interval of each variable (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, 13.3). Protocols are
    /// drawn, not cases: cases of a protocol are not independent.
    fn intervals(&self, seed: u64, ranks: &mut [f64]) -> Vec<(Option<f64>, Option<f64>)> {
        let mut samples: Vec<Vec<f64>> = vec![Vec::with_capacity(SAMPLES); self.variables.len()];
        if self.protocols >= MIN_PROTOCOLS {
            let mut random = Random::new(seed);
            let mut times = vec![0.0; self.protocols];
            for _ in 0..SAMPLES {
                times.fill(0.0);
                for _ in 0..self.protocols {
                    if let Some(times) = times.get_mut(random.below(self.protocols)) {
                        *times += 1.0;
                    }
                }
                let found = self.coefficients(&times, ranks);
                for (samples, value) in samples.iter_mut().zip(found) {
                    samples.extend(value);
                }
            }
        }
        samples.into_iter().map(percentiles).collect()
    }

    /// Spearman's coefficient of each variable, where protocol *p* is there `times[p]` times: Pearson's of the mean ranks. `ranks` has a
    /// place for each case.
    fn coefficients(&self, times: &[f64], ranks: &mut [f64]) -> Vec<Option<f64>> {
        let total: f64 = self
            .outcome
            .iter()
            .map(|place| times_of(times, *place))
            .sum();
        let yy = outcome_ranks(&self.outcome, times, total, ranks);
        let variables = self.variables.iter();
        variables
            .map(|variable| {
                let (xx, xy) = sums(variable, times, total, ranks);
                let scale = (xx * yy).sqrt();
                (total >= 3.0 && scale > 0.0).then(|| (xy / scale).clamp(-1.0, 1.0))
            })
            .collect()
    }
}

fn times_of(times: &[f64], place: Place) -> f64 {
    times.get(place.protocol as usize).copied().unwrap_or(0.0)
}

/// Twice the mean rank less the mean of all, for a value that `tied` cases have and `below` are below of: no scale matters to the coefficient.
fn rank(below: f64, tied: f64, total: f64) -> f64 {
    2.0 * below + tied - total
}

/// Writes the rank of each case of the outcome, and returns the sum of their squares.
fn outcome_ranks(outcome: &[Place], times: &[f64], total: f64, ranks: &mut [f64]) -> f64 {
    let (mut below, mut tied, mut squares, mut first) = (0.0, 0.0, 0.0, 0);
    for (index, place) in outcome.iter().enumerate() {
        tied += times_of(times, *place);
        if place.is_last {
            let rank = rank(below, tied, total);
            ranks.get_mut(first..=index).unwrap_or_default().fill(rank);
            squares += tied * rank * rank;
            (below, tied, first) = (below + tied, 0.0, index + 1);
        }
    }
    squares
}

/// The sum of the squares of a variable's ranks, and that of their products with the outcome's.
fn sums(variable: &[Place], times: &[f64], total: f64, outcome: &[f64]) -> (f64, f64) {
    let (mut below, mut tied, mut product) = (0.0, 0.0, 0.0);
    let (mut xx, mut xy) = (0.0, 0.0);
    for place in variable {
        let times = times_of(times, *place);
        tied += times;
        product += times * outcome.get(place.case as usize).copied().unwrap_or(0.0);
        if place.is_last {
            let rank = rank(below, tied, total);
            xx += tied * rank * rank;
            xy += rank * product;
            (below, tied, product) = (below + tied, 0.0, 0.0);
        }
    }
    (xx, xy)
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
            times in prop::collection::vec(0u8..4, 6),
        ) {
            let protocols: Vec<u32> = cases.iter().map(|case| case.0).collect();
            let x: Vec<f64> = cases.iter().map(|case| f64::from(case.1)).collect();
            let y: Vec<f64> = cases.iter().map(|case| f64::from(case.2)).collect();
            let correlator = Correlator::new(&protocols, &y, std::slice::from_ref(&x));
            let weights: Vec<f64> = times.iter().map(|times| f64::from(*times)).collect();
            let weighted = correlator.coefficients(&weights, &mut vec![0.0; cases.len()])[0];
            let mut repeated: (Vec<u32>, Vec<f64>, Vec<f64>) = Default::default();
            for ((protocol, x), y) in protocols.iter().zip(&x).zip(&y) {
                for _ in 0..times[*protocol as usize] {
                    repeated.0.push(0);
                    repeated.1.push(*x);
                    repeated.2.push(*y);
                }
            }
            let correlator = Correlator::new(&repeated.0, &repeated.2, std::slice::from_ref(&repeated.1));
            let plain = correlator.coefficients(&[1.0], &mut vec![0.0; repeated.0.len()])[0];
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
