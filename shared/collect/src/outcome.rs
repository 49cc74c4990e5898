//! What came of asking a source, as it is remembered.

use intent_store::SourceRow;
use types::Timestamp;

use crate::web::Validators;
use crate::{Found, Kept, Missed, Source};

/// After a first failure a source is due again in so many seconds, then in twice as many.
const BACK_OFF: i64 = 60;
/// The longest that a source which fails is left alone, in seconds.
const LONGEST: i64 = 6 * 3600;
/// How long a source that limits us is left alone at least, in seconds.
const LIMITED: i64 = 600;

/// What a row remembers, for a collector.
pub(crate) fn kept(row: Option<&SourceRow>) -> Kept {
    let Some(row) = row else {
        return Kept::default();
    };
    let memory = row
        .memory
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok());
    Kept {
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

/// The row after an answer.
pub(crate) fn answered(source: Source, found: &Found, now: Timestamp) -> SourceRow {
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

/// The row after a failure: what was known stays known.
pub(crate) fn missed(
    source: Source,
    before: Option<&SourceRow>,
    why: Missed,
    now: Timestamp,
) -> SourceRow {
    let before = before.cloned().unwrap_or_default();
    let doubled = BACK_OFF << before.failures.min(16);
    let least = if why == Missed::RateLimited {
        LIMITED
    } else {
        0
    };
    SourceRow {
        source: source.as_str().to_owned(),
        next_at: now.as_second() + doubled.clamp(least, LONGEST),
        failures: before.failures.saturating_add(1),
        error: Some(why.as_str().to_owned()),
        ..before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_source_is_left_alone_for_longer_and_longer() {
        let now = Timestamp::from_second(1_000).unwrap();
        let mut row = answered(Source::Hn, &Found::nothing(), now);
        let mut waits = Vec::new();
        for _ in 0..12 {
            row = missed(Source::Hn, Some(&row), Missed::Failed, now);
            waits.push((row.next_at - 1_000) / 60);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
        assert_eq!(row.fetched_at, Some(1_000));
        assert_eq!(
            missed(Source::Hn, None, Missed::RateLimited, now).next_at,
            1_600
        );
    }

    #[test]
    fn what_is_remembered_comes_back() {
        let now = Timestamp::from_second(1_000).unwrap();
        let found = Found::daily(Vec::new()).remembering(&["x"]).unwrap();
        let found = found.validated(Validators {
            etag: Some("\"1\"".to_owned()),
            last_modified: None,
        });
        let row = answered(Source::Hn, &found, now);
        let kept = kept(Some(&missed(Source::Hn, Some(&row), Missed::TimedOut, now)));
        assert_eq!(kept.recall::<Vec<String>>(), ["x"]);
        assert_eq!(
            (kept.fetched_at, kept.validators),
            (Some(now), found.validators)
        );
    }
}
