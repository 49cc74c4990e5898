//! Numbers, dates and ages as a report writes them.

use types::{Date, Timestamp, date_of};

/// From here on an amount is not shown: it is more than all the assets of the world.
const TOO_MUCH: f64 = 1e15;

/// Thousands of US dollars, with their names.
const UNITS: [(f64, &str); 4] = [
    (1e12, "trillion"),
    (1e9, "billion"),
    (1e6, "million"),
    (1.0, ""),
];

/// `given` if it is an amount: finite and at least 0.
pub(crate) fn amount(given: Option<f64>) -> Option<f64> {
    let usable = given.filter(|value| value.is_finite() && *value >= 0.0);
    usable.map(|value| value + 0.0)
}

/// An amount of US dollars, with four digits that matter or so. None if it is no amount.
pub(crate) fn usd(given: f64) -> Option<String> {
    let value = amount(Some(given))?;
    if value >= TOO_MUCH {
        return Some("above USD 1,000 trillion".to_owned());
    }
    if value > 0.0 && value < 0.01 {
        return Some("below USD 0.01".to_owned());
    }
    // 999,999,999 is one billion in the digits that are shown, not a thousand million.
    let unit = UNITS
        .iter()
        .find(|(unit, _)| value >= unit * 0.999_95 && *unit > 1.0);
    Some(match unit {
        Some((unit, name)) => format!("USD {} {name}", decimals(value / unit, 1)),
        None if value < 1_000.0 => format!("USD {}", decimals(value, 2)),
        None => format!("USD {}", decimals(value, 0)),
    })
}

/// The unit for amounts up to this one, with its name.
pub(crate) fn unit(of: f64) -> (f64, &'static str) {
    let unit = UNITS.into_iter().find(|(unit, _)| of >= *unit);
    unit.unwrap_or((1.0, ""))
}

/// With this many decimals, and commas between thousands.
pub(crate) fn decimals(value: f64, decimals: usize) -> String {
    let digits = format!("{value:.decimals$}");
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let (sign, whole) = whole.split_at(whole.len() - whole.trim_start_matches('-').len());
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    // A true minus sign is as wide as a digit.
    let sign = if sign.is_empty() { "" } else { "\u{2212}" };
    format!("{sign}{grouped}{fraction}")
}

/// A count, with commas between thousands.
#[expect(clippy::cast_precision_loss, reason = "beyond 2^53 it is rounded")]
pub(crate) fn count(of: u64) -> String {
    decimals(of as f64, 0)
}

/// A number of percent. None if it is no finite number.
pub(crate) fn percent(value: f64, digits: usize) -> Option<String> {
    const MOST: f64 = 10_000.0;
    if value > MOST {
        return Some(format!("above {} %", decimals(MOST, 0)));
    }
    if value < -MOST {
        return Some(format!("below {} %", decimals(-MOST, 0)));
    }
    // Adding 0 makes 0 of −0.
    let value = if value.abs() < 1e-9 { 0.0 } else { value + 0.0 };
    value
        .is_finite()
        .then(|| format!("{} %", decimals(value, digits)))
}

/// A share of a whole in percent. None if it is none.
pub(crate) fn share(value: f64, digits: usize) -> Option<String> {
    let is_share = (0.0..=1.0).contains(&value);
    is_share.then(|| percent(100.0 * value, digits)).flatten()
}

/// Such as `22 November 2026`.
pub(crate) fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// Such as `22 Nov`.
pub(crate) fn short_date(date: Date) -> String {
    date.strftime("%-d %b").to_string()
}

/// Such as `22 November 2026, 14:05 UTC`.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{}, {} UTC", date(date_of(at)), at.strftime("%H:%M"))
}

/// From one moment to another, such as `8 days`; `less than an hour` also if there is none.
pub(crate) fn age(from: Timestamp, to: Timestamp) -> String {
    let hours = to.duration_since(from).as_hours();
    let (number, unit) = match hours {
        ..=0 => return "less than an hour".to_owned(),
        1..48 => (hours, "hour"),
        48.. => (hours / 24, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short_and_say_their_size() {
        for (value, text) in [
            (0.0, "USD 0.00"),
            (-0.0, "USD 0.00"),
            (1e-300, "below USD 0.01"),
            (0.5, "USD 0.50"),
            (12_400.4, "USD 12,400"),
            (999_949.0, "USD 999,949"),
            (999_999.0, "USD 1.0 million"),
            (450_200_000.0, "USD 450.2 million"),
            (1_234_567_890.0, "USD 1.2 billion"),
            (2.5e12, "USD 2.5 trillion"),
            (1e15, "above USD 1,000 trillion"),
            (f64::MAX, "above USD 1,000 trillion"),
        ] {
            assert_eq!(usd(value).as_deref(), Some(text), "{value}");
        }
        for value in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(usd(value), None);
        }
    }

    #[test]
    fn numbers_have_commas_and_a_sign() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(decimals(-1234.56, 1), "\u{2212}1,234.6");
    }

    #[test]
    fn percent_has_bounds() {
        assert_eq!(percent(5.1, 2).as_deref(), Some("5.10 %"));
        assert_eq!(percent(-0.0, 2).as_deref(), Some("0.00 %"));
        assert_eq!(percent(1e300, 2).as_deref(), Some("above 10,000 %"));
        assert_eq!(
            percent(f64::NEG_INFINITY, 2).as_deref(),
            Some("below \u{2212}10,000 %")
        );
        assert_eq!(percent(f64::NAN, 2), None);
        assert_eq!(share(0.25, 1).as_deref(), Some("25.0 %"));
        assert_eq!((share(1.1, 1), share(f64::NAN, 1)), (None, None));
    }

    #[test]
    fn ages_are_in_hours_then_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let to = at("2026-11-22T12:00:00Z");
        for (from, text) in [
            ("2026-11-23T12:00:00Z", "less than an hour"),
            ("2026-11-22T11:00:01Z", "less than an hour"),
            ("2026-11-22T11:00:00Z", "1 hour"),
            ("2026-11-20T12:00:01Z", "47 hours"),
            ("2026-11-20T12:00:00Z", "2 days"),
            ("2025-11-22T12:00:00Z", "365 days"),
        ] {
            assert_eq!(age(at(from), to), text);
        }
        assert_eq!(time(to), "22 November 2026, 12:00 UTC");
    }
}
