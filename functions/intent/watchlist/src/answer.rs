use intent::{Band, Confidence};
use intent_store::{Alerts, WatchEntry};
use serde::Serialize;
use types::{Credits, Domain, Timestamp};

/// A watchlist entry in a response.
#[derive(Debug, Serialize)]
pub(crate) struct EntryAnswer {
    domain: Domain,
    company_name: Option<String>,
    score: u8,
    band: Band,
    confidence: Confidence,
    scored_at: Timestamp,
    /// Age of the score, in seconds.
    score_age: i64,
    /// Change from the previous score, in points.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_score: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_scored_at: Option<Timestamp>,
    alerts: AlertsAnswer,
    created_at: Timestamp,
}

/// A new entry, with what its score cost.
#[derive(Debug, Serialize)]
pub(crate) struct AddedAnswer {
    #[serde(flatten)]
    entry: EntryAnswer,
    credits_charged: Credits,
}

#[derive(Debug, Serialize)]
struct AlertsAnswer {
    band_changes: bool,
    min_score_change: Option<u8>,
}

impl AddedAnswer {
    pub(crate) fn of(entry: WatchEntry, now: Timestamp, credits_charged: Credits) -> Self {
        Self {
            entry: EntryAnswer::of(entry, now),
            credits_charged,
        }
    }
}

impl EntryAnswer {
    pub(crate) fn of(entry: WatchEntry, now: Timestamp) -> Self {
        let Alerts {
            band_changes,
            min_score_change,
        } = entry.alerts;
        let previous = entry.previous;
        let change = previous.map(|previous| i16::from(entry.score) - i16::from(previous.score));
        Self {
            band: entry.band(),
            score_age: now
                .as_second()
                .saturating_sub(entry.scored_at.as_second())
                .max(0),
            change,
            previous_score: previous.map(|previous| previous.score),
            previous_scored_at: previous.map(|previous| previous.scored_at),
            alerts: AlertsAnswer {
                band_changes,
                min_score_change,
            },
            domain: entry.domain,
            company_name: entry.company_name,
            score: entry.score,
            confidence: entry.confidence,
            scored_at: entry.scored_at,
            created_at: entry.created_at,
        }
    }
}
