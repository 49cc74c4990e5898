use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::{IntentError, Kind};

/// An observation which suggests that a company may buy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// What it is about.
    pub kind: Kind,
    /// Its strength on the day it was observed.
    pub strength: Strength,
    /// When it happened or was first seen.
    pub observed_at: Timestamp,
    /// Who observed it, such as `greenhouse`.
    pub source: String,
    /// Its id at the source: source and external id together are unique for a company.
    pub external_id: String,
    /// What a person would want to read about it, such as the title of a position. May be empty.
    pub evidence: String,
    /// Where it can be read in full.
    pub url: Option<String>,
}

/// The strength of a signal: from 0.001 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Strength(f64);

impl Strength {
    /// Certain evidence.
    pub const FULL: Self = Self(1.0);

    /// The smallest strength: less would not change a score, and it bounds the digits that are stored.
    const MIN: f64 = 0.001;

    /// A strength from 0.001 to 1; anything else is [`IntentError::StrengthOutOfRange`].
    pub fn new(given: f64) -> Result<Self, IntentError> {
        if (Self::MIN..=1.0).contains(&given) {
            Ok(Self(given))
        } else {
            Err(IntentError::StrengthOutOfRange { given })
        }
    }

    /// The strength as a number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Strength {
    type Error = IntentError;

    fn try_from(given: f64) -> Result<Self, IntentError> {
        Self::new(given)
    }
}

impl From<Strength> for f64 {
    fn from(strength: Strength) -> Self {
        strength.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_is_from_a_thousandth_to_one() {
        for good in [0.001, 0.5, 1.0] {
            assert_eq!(Strength::new(good).unwrap().get().to_bits(), good.to_bits());
        }
        for bad in [
            0.0,
            -0.5,
            1e-200,
            0.000_999,
            1.000_001,
            f64::NAN,
            f64::INFINITY,
        ] {
            assert_eq!(
                Strength::new(bad).unwrap_err().reason(),
                "strength_out_of_range"
            );
        }
        let error = serde_json::from_str::<Strength>("1.5").unwrap_err();
        assert_eq!(
            error.to_string(),
            "strength must be from 0.001 to 1, not 1.5"
        );
    }
}
