//! Numbers from outside, made safe to calculate with.

/// `given` if it is a number that such a fact can have: finite and at least 0. Anything else is as if it was not known.
pub(crate) fn amount(given: Option<f64>) -> Option<f64> {
    // Adding 0 makes 0 of −0, by which one would divide to −∞.
    let usable = given.filter(|value| value.is_finite() && *value >= 0.0);
    usable.map(|value| value + 0.0)
}

/// `given` if it is an amount above 0.
pub(crate) fn positive(given: Option<f64>) -> Option<f64> {
    given.filter(|value| value.is_finite() && *value > 0.0)
}

/// `given` if it is a share of a whole: 0 to 1.
pub(crate) fn share(given: Option<f64>) -> Option<f64> {
    amount(given).filter(|value| *value <= 1.0)
}

/// Points, 0 to 100, as a whole number.
pub(crate) fn whole(points: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "points are from 0 to 100"
    )]
    // What should be a half is not always one in floating point: 82.5 may come out as 82.49999999999999.
    let whole = (points + 1e-9).clamp(0.0, 100.0).round() as u8;
    whole
}

/// Rounds to this many decimals.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    // As in `whole`; and 0 instead of −0.
    let scaled = (value * scale + 1e-9_f64.copysign(value)).round() / scale + 0.0;
    // Too large to have decimals.
    if scaled.is_finite() { scaled } else { value }
}

/// A count as a number; exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn count(of: usize) -> f64 {
    of as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_such_number_is_not_known() {
        for hostile in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -1e-300] {
            assert_eq!(amount(Some(hostile)), None);
            assert_eq!(positive(Some(hostile)), None);
            assert_eq!(share(Some(hostile)), None);
        }
        assert_eq!((amount(Some(0.0)), positive(Some(0.0))), (Some(0.0), None));
        for zero in [
            amount(Some(-0.0)),
            share(Some(-0.0)),
            Some(rounded(-0.0, 2)),
        ] {
            assert!(zero.is_some_and(f64::is_sign_positive));
        }
        assert_eq!(
            (share(Some(1.0)), share(Some(1.000_001))),
            (Some(1.0), None)
        );
    }

    #[test]
    fn rounding_is_that_of_people() {
        assert_eq!(whole(82.499_999_999_999_99), 83);
        assert_eq!((whole(-3.0), whole(1e9)), (0, 100));
        assert!((rounded(0.574_999_999_999_999_9, 2) - 0.58).abs() < 1e-12);
        assert!((rounded(-0.574_999_999_999_999_9, 2) + 0.58).abs() < 1e-12);
        assert!(rounded(1e308, 4).is_finite());
    }
}
