use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::tiers::Tiers;
use crate::number::{count, rounded};
use crate::robust::median;
use crate::{PerTier, Tier};

/// What came of the cases of a tier. Shares are rounded to four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BacktestCalibration")]
pub struct TierCalibration {
    /// How many cases.
    pub n: usize,
    /// The median of AUM at the outcome as a multiple of that of the day.
    pub median_retention: Option<f64>,
    /// The share of cases with a drawdown: AUM fell by a fifth or more.
    pub drawdown_rate: Option<f64>,
    /// The lower end of the 95 % interval of that share by Wilson's score (*Journal of the American Statistical Association* 22, 1927). It takes
    /// cases as independent, so it is too narrow where a few protocols make up most of them.
    pub drawdown_rate_low: Option<f64>,
    /// Its upper end.
    pub drawdown_rate_high: Option<f64>,
}

/// The share of cases for which something is so, of those for which it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rate {
    yes: usize,
    pub(crate) n: usize,
}

impl Rate {
    pub(crate) fn of(answers: impl IntoIterator<Item = bool>) -> Self {
        let mut rate = Self::default();
        for answer in answers {
            rate.yes += usize::from(answer);
            rate.n += 1;
        }
        rate
    }

    /// Rounded to four decimals. None of nothing.
    pub(crate) fn share(self) -> Option<f64> {
        (self.n > 0).then(|| rounded(count(self.yes) / count(self.n), 4))
    }

    /// Wilson's 95 % interval.
    fn interval(self) -> Option<(f64, f64)> {
        const Z: f64 = 1.959_963_984_540_054;
        let (n, z2) = (count(self.n), Z * Z);
        let share = count(self.yes) / n;
        let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        let ends = ((middle - half).max(0.0), (middle + half).min(1.0));
        (self.n > 0).then(|| (rounded(ends.0, 4), rounded(ends.1, 4)))
    }
}

/// By tier of the day.
pub(crate) fn by_tier(cases: &[Case], tiers: &[Tiers]) -> PerTier<TierCalibration> {
    PerTier::new(|tier| {
        let of_tier = || in_tier(cases, tiers, tier);
        let drawdowns = Rate::of(of_tier().map(|(case, _)| case.drawdown));
        let mut retentions: Vec<f64> = of_tier().map(|(case, _)| case.retention).collect();
        let interval = drawdowns.interval();
        TierCalibration {
            n: drawdowns.n,
            median_retention: median(&mut retentions).map(|of| rounded(of, 4)),
            drawdown_rate: drawdowns.share(),
            drawdown_rate_low: interval.map(|(low, _)| low),
            drawdown_rate_high: interval.map(|(_, high)| high),
        }
    })
}

/// Of the cases in L1, how many are there at the outcome.
pub(crate) fn l1_stability(cases: &[Case], tiers: &[Tiers]) -> Rate {
    let l1 = in_tier(cases, tiers, Tier::L1);
    Rate::of(l1.filter_map(|(_, tiers)| tiers.later.map(|later| later == Tier::L1)))
}

/// Of the cases in ILLIQUID, how many had a drawdown or late redemptions.
pub(crate) fn illiquid_accuracy(cases: &[Case], tiers: &[Tiers]) -> Rate {
    let illiquid = in_tier(cases, tiers, Tier::Illiquid);
    Rate::of(illiquid.map(|(case, _)| case.trouble))
}

fn in_tier<'a>(
    cases: &'a [Case],
    tiers: &'a [Tiers],
    tier: Tier,
) -> impl Iterator<Item = (&'a Case, &'a Tiers)> {
    let all = cases.iter().zip(tiers);
    all.filter(move |(_, tiers)| tiers.then == Some(tier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_textbook() {
        // Ten of a hundred: 0.0552 to 0.1744.
        let ten = Rate { yes: 10, n: 100 };
        assert_eq!(
            (ten.share(), ten.interval()),
            (Some(0.1), Some((0.0552, 0.1744)))
        );
        assert_eq!(Rate { yes: 0, n: 5 }.interval().unwrap().0.to_bits(), 0);
        assert_eq!(
            (Rate::default().share(), Rate::default().interval()),
            (None, None)
        );
    }
}
