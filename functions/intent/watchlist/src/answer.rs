use intent::{Band, Confidence};
use intent_store::{Alerts, WatchEntry};
use schemars::JsonSchema;
use serde::Serialize;
use types::{Credits, Domain, Timestamp};

/// A watchlist entry in a response.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WatchedCompany")]
pub(crate) struct EntryAnswer {
    /// The company.
    domain: Domain,
    /// Your name for it, or null.
    company_name: Option<String>,
    /// Points, as of `scored_at`.
    #[schemars(range(max = 100))]
    score: u8,
    /// What the score means for a salesperson.
    band: Band,
    /// How well the score is supported by signals.
    confidence: Confidence,
    /// When it was last scored.
    scored_at: Timestamp,
    /// Age of the score, in seconds.
    #[schemars(range(min = 0))]
    score_age: i64,
    /// `score` − `previous_score`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -100, max = 100))]
    change: Option<i16>,
    /// The score before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    previous_score: Option<u8>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_scored_at: Option<Timestamp>,
    /// What is reported of it.
    alerts: AlertsAnswer,
    /// When it was added.
    created_at: Timestamp,
}

/// A new entry, with what its score cost.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AddedCompany")]
pub(crate) struct AddedAnswer {
    #[serde(flatten)]
    entry: EntryAnswer,
    /// What the score cost: 1, or 0 without signals.
    credits_charged: Credits,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "CompanyAlerts")]
struct AlertsAnswer {
    /// Whether a change of the band is reported.
    band_changes: bool,
    /// Points by which the score has to change to be reported; null is never.
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
