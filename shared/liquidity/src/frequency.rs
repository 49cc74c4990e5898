use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often the issuer takes tokens back for money. In JSON such as `daily`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RedemptionFrequency")]
pub enum Frequency {
    /// At any time.
    OnDemand,
    /// Every business day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Twice a year.
    SemiAnnual,
    /// Once a year.
    Annual,
    /// Not before the end of its term.
    AtMaturity,
}

/// Text that is no frequency with a schedule, such as `variable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a frequency of redemption is one of on_demand, daily, weekly, monthly, quarterly, semi_annual, annual, at_maturity"
)]
pub struct UnknownFrequency;

impl Frequency {
    /// Every frequency, the most frequent first.
    pub const ALL: [Self; 8] = [
        Self::OnDemand,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::SemiAnnual,
        Self::Annual,
        Self::AtMaturity,
    ];

    /// The word for it in requests and responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnDemand => "on_demand",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::SemiAnnual => "semi_annual",
            Self::Annual => "annual",
            Self::AtMaturity => "at_maturity",
        }
    }

    /// Days from one dealing day to the next: the longest wait of somebody who has just missed one. None where there is
    /// none.
    pub const fn interval_days(self) -> Option<f64> {
        match self {
            Self::OnDemand => Some(0.0),
            Self::Daily => Some(1.0),
            Self::Weekly => Some(7.0),
            Self::Monthly => Some(30.0),
            Self::Quarterly => Some(90.0),
            Self::SemiAnnual => Some(180.0),
            Self::Annual => Some(365.0),
            Self::AtMaturity => None,
        }
    }
}

impl FromStr for Frequency {
    type Err = UnknownFrequency;

    fn from_str(text: &str) -> Result<Self, UnknownFrequency> {
        let mut all = Self::ALL.into_iter();
        all.find(|frequency| frequency.as_str() == text)
            .ok_or(UnknownFrequency)
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_json() {
        for frequency in Frequency::ALL {
            assert_eq!(serde_json::to_value(frequency).unwrap(), frequency.as_str());
            assert_eq!(frequency.as_str().parse(), Ok(frequency));
        }
        for text in ["variable", "epoch", "Daily", ""] {
            assert_eq!(text.parse::<Frequency>(), Err(UnknownFrequency));
        }
    }
}
