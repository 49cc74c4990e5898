use std::fmt;

use serde::{Deserialize, Serialize};
use store::StoreError;
use store::keys::WorkspaceKey;
use store::table::item;
use types::{AccountId, Product, Timestamp};

use crate::Workspace;

/// Something that happened to an account and that somebody may want to hear of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Names the occasion: two instances that see the same give it the same id, and it is stored once.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// The product that it is about.
    pub product: Product,
    /// When it was seen.
    pub at: Timestamp,
    /// How much there is: the limit of the month in calls, the balance that counts as low in tenths of a credit, or the
    /// Unix second at which the key ends or was ended.
    pub limit: u64,
    /// Where that stood when it was seen: calls of the month, the balance in tenths, or the Unix second.
    pub value: u64,
}

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventKind {
    /// Four fifths of the month's calls are used.
    #[serde(rename = "quota.80")]
    Quota80,
    /// The month's calls are used up.
    #[serde(rename = "quota.100")]
    Quota100,
    /// A tenth or less is left of the balance that there was after the last grant.
    #[serde(rename = "credits.low")]
    CreditsLow,
    /// A key that is in use ends by itself within 14 days.
    #[serde(rename = "key.rotation_due")]
    KeyRotationDue,
    /// A key was found in public, and was ended for it.
    #[serde(rename = "key.leaked")]
    KeyLeaked,
    /// A watched company changed its band.
    #[serde(rename = "watchlist.band_changed")]
    WatchedBandChanged,
    /// A watched company's score moved by as many points as the entry's owner wants to hear of.
    #[serde(rename = "watchlist.score_changed")]
    WatchedScoreChanged,
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quota80 => "quota.80",
            Self::Quota100 => "quota.100",
            Self::CreditsLow => "credits.low",
            Self::KeyRotationDue => "key.rotation_due",
            Self::KeyLeaked => "key.leaked",
            Self::WatchedBandChanged => "watchlist.band_changed",
            Self::WatchedScoreChanged => "watchlist.score_changed",
        })
    }
}

impl Workspace {
    /// Stores an event, unless it is stored.
    pub async fn record_event(&self, account: AccountId, event: &Event) -> Result<(), StoreError> {
        let key = WorkspaceKey::Event(account, &event.id).into();
        match self.table.create(item("event", key, event)?).await {
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
