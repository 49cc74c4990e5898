use std::fmt;

use jiff::tz::Offset;
use types::Timestamp;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A day in UTC as people write it: `12 May 2026`.
pub(crate) struct Day(pub(crate) Timestamp);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = Offset::UTC.to_datetime(self.0).date();
        let month = usize::try_from(date.month() - 1)
            .ok()
            .and_then(|month| MONTHS.get(month));
        write!(
            f,
            "{} {} {}",
            date.day(),
            month.unwrap_or(&"?"),
            date.year()
        )
    }
}

/// Third-party text made fit for a sentence: on one line, without control and direction characters, at most `max`
/// characters and then `…`.
pub fn one_line(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max + 4));
    let (mut length, mut gap) = (0, false);
    for c in text.chars().filter(|c| !changes_direction(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = length > 0;
            continue;
        }
        let added = 1 + usize::from(gap);
        if length + added > max {
            line.push('…');
            break;
        }
        if std::mem::take(&mut gap) {
            line.push(' ');
        }
        line.push(c);
        length += added;
    }
    line
}

/// The characters that can reverse the direction of the text after them (Unicode Standard Annex 9, 2.1 to 2.7).
fn changes_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, line: &str) {
        assert_eq!(one_line(text, 10), line);
    }

    #[test]
    fn odd_evidence_becomes_one_short_line() {
        check("", "");
        check(" \n ", "");
        check("one", "one");
        check("\r\n one\n\ttwo \u{0}\n", "one two");
        check("1234567890", "1234567890");
        check("1234567890\n", "1234567890");
        check("12345678901", "1234567890…");
        check("123456789 0", "123456789…");
        check("ééééééééééé", "éééééééééé…");
        check("a\u{202e}b", "ab");
    }

    #[test]
    fn days_are_those_of_utc() {
        let day = |at: &str| Day(at.parse().unwrap()).to_string();
        assert_eq!(day("2026-05-12T23:59:59Z"), "12 May 2026");
        assert_eq!(day("2026-01-01T00:30:00+01:00"), "31 Dec 2025");
    }
}
