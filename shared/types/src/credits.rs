use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of credits, held as an integer count of tenths, so that sums are exact.
///
/// In the store it is the count of tenths; in JSON it is a number with at most one decimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credits(i64);

impl Credits {
    /// No credits.
    pub const ZERO: Self = Self(0);

    /// Whole credits.
    pub const fn whole(credits: i64) -> Self {
        Self(credits.saturating_mul(10))
    }

    /// Tenths of a credit.
    pub const fn from_tenths(tenths: i64) -> Self {
        Self(tenths)
    }

    /// The amount as a count of tenths.
    pub const fn tenths(self) -> i64 {
        self.0
    }

    /// This price, `count` times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(
            self.0
                .saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)),
        )
    }
}

impl Add for Credits {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Credits {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Credits {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        match tenth {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

impl Serialize for Credits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 10 == 0 {
            return serializer.serialize_i64(self.0 / 10);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "balances stay far below 2^53 tenths"
        )]
        serializer.serialize_f64(self.0 as f64 / 10.0)
    }
}

impl<'de> Deserialize<'de> for Credits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let credits = f64::deserialize(deserializer)?;
        let tenths = credits * 10.0;
        if !tenths.is_finite() || tenths.fract().abs() > 1e-6 || tenths.abs() > 1e15 {
            return Err(serde::de::Error::custom("credits have at most one decimal"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be whole and small above"
        )]
        Ok(Self(tenths.round() as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_a_tenth_only_where_there_is_one() {
        assert_eq!(Credits::whole(12).to_string(), "12");
        assert_eq!(Credits::from_tenths(-3).to_string(), "-0.3");
        assert_eq!(
            serde_json::to_string(&Credits::from_tenths(1)).unwrap(),
            "0.1"
        );
        assert_eq!(serde_json::to_string(&Credits::whole(1)).unwrap(), "1");
    }

    #[test]
    fn refuses_hundredths() {
        assert!(serde_json::from_str::<Credits>("0.15").is_err());
    }

    proptest! {
        #[test]
        fn json_keeps_every_tenth(tenths in -1_000_000_000_000i64..1_000_000_000_000) {
            let credits = Credits::from_tenths(tenths);
            let json = serde_json::to_string(&credits).unwrap();
            prop_assert_eq!(serde_json::from_str::<Credits>(&json).unwrap(), credits);
        }
    }
}
