use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A part of a score, held as an integer count of tenths of a point, so that sums are exact. In JSON it is a number
/// with one decimal, such as `12.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(u16);

impl Points {
    /// A count of tenths of a point.
    pub const fn from_tenths(tenths: u16) -> Self {
        Self(tenths)
    }

    /// The part as a count of tenths of a point.
    pub const fn tenths(self) -> u16 {
        self.0
    }

    /// The part in points.
    pub fn get(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.get())
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tenths = f64::deserialize(deserializer)? * 10.0;
        if !(0.0..=1000.0).contains(&tenths) || (tenths - tenths.round()).abs() > 1e-6 {
            return Err(serde::de::Error::custom(
                "points are from 0 to 100 with at most one decimal",
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and from 0 to 1000"
        )]
        Ok(Self(tenths.round() as u16))
    }
}

/// Whole numbers that add up to `total`, each `exact` rounded down or up. `exact` are not negative and add up to `total`
/// except for rounding errors.
///
/// The method of the largest remainder (Hamilton's; Balinski and Young, *Fair Representation*, 1982).
pub fn largest_remainder(exact: &[f64], total: u16) -> Vec<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "parts of a score are from 0 to 1000 tenths"
    )]
    let mut whole: Vec<u16> = exact.iter().map(|exact| exact.floor() as u16).collect();
    let missing = total.saturating_sub(whole.iter().sum());
    let mut by_fraction: Vec<(f64, &mut u16)> = exact
        .iter()
        .map(|exact| exact.fract())
        .zip(&mut whole)
        .collect();
    by_fraction.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    for (_, whole_part) in by_fraction.into_iter().take(usize::from(missing)) {
        *whole_part += 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_remainder_is_rounded_up() {
        assert_eq!(largest_remainder(&[3.3, 3.3, 3.4], 10), [3, 3, 4]);
        assert_eq!(largest_remainder(&[0.5, 0.5], 1), [1, 0]);
        assert_eq!(largest_remainder(&[], 0), [0; 0]);
    }

    #[test]
    fn every_tenth_survives_json() {
        for tenths in 0..=1000 {
            let points = Points::from_tenths(tenths);
            let json = serde_json::to_string(&points).unwrap();
            assert_eq!(json, points.to_string());
            assert_eq!(serde_json::from_str::<Points>(&json).unwrap(), points);
        }
    }

    #[test]
    fn hundredths_and_numbers_off_the_scale_are_refused() {
        for json in ["0.15", "-0.1", "100.1", "1e300"] {
            assert!(serde_json::from_str::<Points>(json).is_err(), "{json}");
        }
    }
}
