use serde::{Deserialize, Serialize};
use types::{KeyId, Timestamp, WatchId, month_of};

/// How long an event of a watchlist is kept, in seconds: 90 days.
const WATCHLIST_KEPT: i64 = 90 * 86_400;

/// What happened, by kind.
///
/// A further kind is a variant here, its name in [`kind`](Self::kind), its trigger, how long it is kept, and a row of the
/// snapshot test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload")]
pub enum EventPayload {
    /// Four fifths of the month's calls are used. Once a month.
    #[serde(rename = "quota.80")]
    Quota80 {
        /// The calls that the plan has in a month.
        limit_calls: u64,
        /// Those used when it was seen.
        used_calls: u64,
    },
    /// The month's calls are used up. Once a month.
    #[serde(rename = "quota.100")]
    Quota100 {
        /// The calls that the plan has in a month.
        limit_calls: u64,
        /// Those used when it was seen.
        used_calls: u64,
    },
    /// A tenth or less is left of the balance that there was after the last grant. Once a grant.
    #[serde(rename = "credits.low")]
    CreditsLow {
        /// The tag of that grant's id.
        grant_tag: String,
        /// The balance from which down it counts as low, in tenths of a credit.
        threshold_tenths: i64,
        /// The balance when it was seen, in tenths of a credit.
        balance_tenths: i64,
    },
    /// A key that is in use expires within 14 days. Once a key.
    #[serde(rename = "key.rotation_due")]
    KeyRotationDue {
        /// The key.
        key_id: KeyId,
        /// When it expires.
        expires_at: Timestamp,
    },
    /// A key was found in public. It was revoked with this event, if it was still active. Once a key.
    #[serde(rename = "key.leaked")]
    KeyLeaked {
        /// The key.
        key_id: KeyId,
        /// Where it was found, as the first report has it: a kind of source and an address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found_in: Option<String>,
    },
    /// A watched subject's score is in another band than the score before. Once an entry and score.
    #[serde(rename = "watchlist.band_changed")]
    WatchlistBandChanged(ScoreChange),
    /// A watched subject's score is as many points from the one last reported as the entry's alerts ask for. Once an entry and score.
    #[serde(rename = "watchlist.score_changed")]
    WatchlistScoreChanged(ScoreChange),
}

/// A watch entry's new score, and the one that it is compared with. Bands are the product's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// The entry.
    pub watch_id: WatchId,
    /// What is watched: a company's domain, or a protocol's slug.
    pub subject: String,
    /// What the entry's owner calls the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// The new score, in points.
    pub score: u8,
    /// Its band.
    pub band: String,
    /// In a change of band the score before; in a change of points the one last reported.
    pub previous_score: u8,
    /// Its band.
    pub previous_band: String,
}

impl EventPayload {
    /// The kind, as in the attribute `kind` and in the id.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Quota80 { .. } => "quota.80",
            Self::Quota100 { .. } => "quota.100",
            Self::CreditsLow { .. } => "credits.low",
            Self::KeyRotationDue { .. } => "key.rotation_due",
            Self::KeyLeaked { .. } => "key.leaked",
            Self::WatchlistBandChanged(_) => "watchlist.band_changed",
            Self::WatchlistScoreChanged(_) => "watchlist.score_changed",
        }
    }

    /// What the event is stored once for, beside its kind and product. The last part of its id.
    pub(crate) fn trigger(&self, at: Timestamp) -> String {
        match self {
            Self::Quota80 { .. } | Self::Quota100 { .. } => month_of(at),
            Self::CreditsLow { grant_tag, .. } => grant_tag.clone(),
            Self::KeyRotationDue { key_id, .. } | Self::KeyLeaked { key_id, .. } => {
                key_id.to_string()
            }
            Self::WatchlistBandChanged(change) | Self::WatchlistScoreChanged(change) => {
                format!("{}-{}", change.watch_id.suffix(), at.as_second())
            }
        }
    }

    /// How long after it happened the event is kept; for good if none.
    pub(crate) const fn kept_seconds(&self) -> Option<i64> {
        match self {
            Self::Quota80 { .. }
            | Self::Quota100 { .. }
            | Self::CreditsLow { .. }
            | Self::KeyRotationDue { .. }
            | Self::KeyLeaked { .. } => None,
            Self::WatchlistBandChanged(_) | Self::WatchlistScoreChanged(_) => Some(WATCHLIST_KEPT),
        }
    }
}
