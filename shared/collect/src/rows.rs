//! What is stored of each source of a company between two collections.

use std::collections::HashMap;

use intent_store::SourceRow;
use types::Timestamp;

use crate::found::{Found, Previous};
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::Validators;

/// After the first failure a source is due again in this many seconds, then in twice as many.
const BACK_OFF: i64 = 60;
/// The longest back-off of a failing source, in seconds.
const LONGEST: i64 = 6 * 3600;
/// The shortest back-off of a source that limits our requests, in seconds.
const LIMITED: i64 = 600;

/// The rows of a company's sources, by their names.
pub(crate) type Rows = HashMap<String, SourceRow>;

/// Whether a source is to be fetched. One without a row is.
pub(crate) fn is_due(rows: &Rows, source: Source, now: Timestamp) -> bool {
    let row = rows.get(source.as_str());
    row.is_none_or(|row| row.next_at <= now.as_second())
}

/// What a row stores for a collector.
pub(crate) fn previous(row: Option<&SourceRow>) -> Previous {
    let Some(row) = row else {
        return Previous::default();
    };
    let memory = row
        .memory
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok());
    Previous {
        fetched_at: row
            .fetched_at
            .and_then(|at| Timestamp::from_second(at).ok()),
        memory: memory.unwrap_or_default(),
        validators: Validators {
            etag: row.etag.clone(),
            last_modified: row.last_modified.clone(),
        },
    }
}

/// The row after a response.
pub(crate) fn succeeded(source: Source, found: &Found, now: Timestamp) -> SourceRow {
    SourceRow {
        source: source.as_str().to_owned(),
        fetched_at: Some(now.as_second()),
        next_at: now.as_second() + found.again_in.as_secs(),
        failures: 0,
        error: None,
        etag: found.validators.etag.clone(),
        last_modified: found.validators.last_modified.clone(),
        memory: (!found.memory.is_null()).then(|| found.memory.to_string()),
    }
}

/// The row after a failure, which keeps what the last response stored.
pub(crate) fn failed(
    source: Source,
    before: Option<&SourceRow>,
    why: SourceError,
    now: Timestamp,
) -> SourceRow {
    let before = before.cloned().unwrap_or_default();
    let doubled = BACK_OFF << before.failures.min(16);
    let least = if let SourceError::RateLimited { seconds } = why {
        seconds.max(LIMITED)
    } else {
        0
    };
    SourceRow {
        source: source.as_str().to_owned(),
        next_at: now.as_second() + doubled.min(LONGEST).max(least),
        failures: before.failures.saturating_add(1),
        error: Some(why.as_str().to_owned()),
        ..before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_source_backs_off_for_longer_and_longer() {
        let now = Timestamp::from_second(1_000).unwrap();
        let mut row = succeeded(Source::Hn, &Found::nothing(), now);
        let mut waits = Vec::new();
        for _ in 0..12 {
            row = failed(Source::Hn, Some(&row), SourceError::Failed, now);
            waits.push((row.next_at - 1_000) / 60);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
        assert_eq!(row.fetched_at, Some(1_000));
    }

    #[test]
    fn a_source_is_left_alone_for_as_long_as_it_says_and_ten_minutes_at_least() {
        let now = Timestamp::from_second(1_000).unwrap();
        for (seconds, wait) in [
            (1, 600),
            (600, 600),
            (601, 601),
            (7_200, 7_200),
            (86_400, 86_400),
        ] {
            let why = SourceError::RateLimited { seconds };
            assert_eq!(failed(Source::Hn, None, why, now).next_at, 1_000 + wait);
        }
        // Whatever it says, its failures in a row are counted.
        let before = SourceRow {
            failures: 12,
            ..SourceRow::default()
        };
        let why = SourceError::RateLimited { seconds: 60 };
        let row = failed(Source::Hn, Some(&before), why, now);
        assert_eq!(row.next_at, 1_000 + LONGEST);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let now = Timestamp::from_second(1_000).unwrap();
        let found = Found::daily(Vec::new()).remembering(&["x"]).unwrap();
        let found = found.validated(Validators {
            etag: Some("\"1\"".to_owned()),
            last_modified: None,
        });
        let row = succeeded(Source::Hn, &found, now);
        let row = failed(Source::Hn, Some(&row), SourceError::TimedOut, now);
        let previous = previous(Some(&row));
        assert_eq!(previous.recall::<Vec<String>>(), ["x"]);
        assert_eq!(
            (previous.fetched_at, previous.validators),
            (Some(now), found.validators)
        );
    }
}
