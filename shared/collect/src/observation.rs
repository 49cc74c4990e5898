use intent::{Kind, Signal, Strength};
use types::{Date, Timestamp};

use crate::source::Source;

/// The longest evidence and the longest id that are stored, in characters.
const LONGEST: usize = 200;
/// The longest URL that is stored, in bytes.
const LONGEST_URL: usize = 2_048;

/// The most signals of one source: more would not change a score, and each is a write.
pub(crate) const MOST: usize = 50;

/// Something that a source says about a company, not yet a signal.
#[derive(Clone, Debug)]
pub(crate) struct Observation<'a> {
    pub(crate) kind: Kind,
    /// Clamped to the range of a strength.
    pub(crate) strength: f64,
    pub(crate) at: Timestamp,
    /// Its id at the source.
    pub(crate) id: &'a str,
    pub(crate) evidence: String,
    pub(crate) url: Option<&'a str>,
}

impl Observation<'_> {
    /// Returns the signal; none if the id is empty or the strength is not a number.
    pub(crate) fn signal(self, source: Source) -> Option<Signal> {
        if self.id.is_empty() {
            return None;
        }
        let strength = (self.strength.clamp(0.001, 1.0) * 100.0).round() / 100.0;
        Some(Signal {
            kind: self.kind,
            strength: Strength::new(strength).ok()?,
            observed_at: types::whole_second(self.at),
            source: source.as_str().to_owned(),
            external_id: intent::one_line(self.id, LONGEST),
            evidence: intent::one_line(&self.evidence, LONGEST),
            url: self.url.filter(|url| is_web_url(url)).map(str::to_owned),
        })
    }
}

/// Returns the newest signals, at most as many as are stored of a source.
pub(crate) fn newest(mut signals: Vec<Signal>, now: Timestamp) -> Vec<Signal> {
    // What a source dates in the future has not happened yet, and would count as new on that day.
    signals.retain(|signal| signal.observed_at <= now);
    signals.sort_by(|a, b| {
        let newer = b.observed_at.cmp(&a.observed_at);
        newer.then_with(|| a.external_id.cmp(&b.external_id))
    });
    signals.truncate(MOST);
    signals
}

fn is_web_url(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    url.len() <= LONGEST_URL && matches!(scheme, Some("http" | "https"))
}

/// Parses seconds or milliseconds since 1970.
pub(crate) fn epoch(number: i64) -> Option<Timestamp> {
    if number > 100_000_000_000 {
        Timestamp::from_millisecond(number).ok()
    } else {
        Timestamp::from_second(number).ok()
    }
}

/// Parses a time: RFC 3339, RFC 2822 as in feeds, or a date alone, which is its first second in UTC.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
        return Some(at.timestamp());
    }
    let date: Date = text.get(..10)?.parse().ok()?;
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_source_are_read() {
        for text in [
            "2026-11-03T10:00:00Z",
            "2026-11-03T11:00:00+01:00",
            "2026-11-03T10:00:00.000Z",
            "Tue, 03 Nov 2026 10:00:00 GMT",
        ] {
            assert_eq!(
                time(text).unwrap().to_string().get(..19),
                Some("2026-11-03T10:00:00"),
                "{text}"
            );
        }
        assert_eq!(
            time("2026-11-03").unwrap().to_string(),
            "2026-11-03T00:00:00Z"
        );
        assert_eq!(
            time("2026-11-03T10:00").unwrap().to_string(),
            "2026-11-03T00:00:00Z"
        );
        assert_eq!(epoch(1_793_000_000), epoch(1_793_000_000_000));
        for text in ["", "soon", "2026-13-01", "0000-00-00T"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
