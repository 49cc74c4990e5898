use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::number::rounded;

/// How much of a portfolio is with how few.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "PortfolioConcentration")]
pub struct Concentration {
    /// The Herfindahl-Hirschman index of what is known, 0 to 10,000 points: the sum of the squared shares in percent. Above 1,800 counts as
    /// highly concentrated in mergers (US Merger Guidelines, 2023, 2.1). None if nothing is known.
    pub hhi: Option<f64>,
    /// The share of the portfolio's value of which it is not known, 0 to 1.
    pub unknown_share: f64,
    /// The largest, at most five, with their shares of the whole value.
    pub largest: Vec<Share>,
}

/// A share of a portfolio.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "PortfolioShare")]
pub struct Share {
    /// Whose.
    pub name: String,
    /// Of the whole value, 0 to 1, rounded to four decimals.
    pub share: f64,
}

const LISTED: usize = 5;

impl Concentration {
    /// Of positions with their values and names. A position of several names is in each with an equal part: how it is spread is not known.
    pub(crate) fn of(positions: &[(f64, Vec<String>)]) -> Self {
        let total: f64 = positions.iter().map(|(value, _)| value).sum();
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        let mut known = 0.0;
        for (value, names) in positions {
            let Ok(count) = u32::try_from(names.len()) else {
                continue;
            };
            for name in names {
                *sums.entry(name).or_default() += value / f64::from(count);
            }
            known += if count > 0 { *value } else { 0.0 };
        }
        let index: f64 = sums.values().map(|sum| (100.0 * sum / known).powi(2)).sum();
        let mut largest: Vec<(&str, f64)> = sums.into_iter().collect();
        largest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let share = |(name, sum): (&str, f64)| Share {
            name: name.to_owned(),
            share: rounded(sum / total, 4),
        };
        Self {
            hhi: (known > 0.0).then(|| rounded(index.min(10_000.0), 1)),
            unknown_share: rounded((1.0 - known / total).clamp(0.0, 1.0), 4),
            largest: largest.into_iter().take(LISTED).map(share).collect(),
        }
    }
}
