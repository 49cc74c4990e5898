use intent::{Answered, Coverage, Missing};
use intent_store::SourceRow;
use types::Timestamp;

use crate::rows::{self, Rows};
use crate::source::Source;

/// The shortest time that a score with missing sources is valid, in seconds.
const LEAST: i64 = 10;

/// The state of a company's sources after a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Which sources responded and which did not.
    pub coverage: Coverage,
    /// If a source is missing, the number of seconds until it is due again.
    pub good_for: Option<i64>,
    /// Whether a source was fetched, so that there may be new signals.
    pub asked: bool,
}

impl Collected {
    /// The state of these sources by their rows. A source whose row is missing or due did not respond, and is due again in
    /// `retry_in` seconds.
    pub(crate) fn of(
        sources: impl Iterator<Item = Source>,
        rows: &Rows,
        now: Timestamp,
        retry_in: Option<i64>,
        asked: bool,
    ) -> Self {
        let late = now.as_second() + retry_in.unwrap_or(LEAST);
        let mut coverage = Coverage::default();
        for source in sources {
            let row = rows.get(source.as_str());
            match row.filter(|_| !rows::is_due(rows, source, now)) {
                None => coverage
                    .missing
                    .push(missing(source, SourceRow::LATE, late, now)),
                Some(row) => match (&row.error, row.fetched_at) {
                    (None, Some(at)) => coverage.answered.push(Answered {
                        source: source.as_str().to_owned(),
                        at: second(at, now),
                    }),
                    (error, _) => {
                        let reason = error.as_deref().unwrap_or("failed");
                        let missing = missing(source, reason, row.next_at, now);
                        coverage.missing.push(missing);
                    }
                },
            }
        }
        let retries = coverage
            .missing
            .iter()
            .map(|missing| missing.retry_at.as_second());
        let good_for = retries.min().map(|at| (at - now.as_second()).max(LEAST));
        Self {
            coverage,
            good_for,
            asked,
        }
    }
}

fn missing(source: Source, reason: &str, retry_at: i64, now: Timestamp) -> Missing {
    Missing {
        source: source.as_str().to_owned(),
        reason: reason.to_owned(),
        retry_at: second(retry_at, now),
    }
}

/// A stored second; now if it is out of range.
fn second(second: i64, now: Timestamp) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(types::whole_second(now))
}
