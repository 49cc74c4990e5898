use liquidity_store::{Protocol, ProtocolWatch, protocol_id};
use serde::Serialize;
use types::{AccountId, ProtocolSlug, Timestamp, WatchId};

/// An entry as the call that adds it returns it.
#[derive(Debug, Serialize)]
pub(crate) struct AddedAnswer {
    id: WatchId,
    user_id: AccountId,
    protocol_id: String,
    alert_on_score_change: bool,
    alert_on_tier_change: bool,
    /// Points of change from which on a score change is reported.
    alert_threshold: u8,
    created_at: Timestamp,
}

/// An entry in the list.
#[derive(Debug, Serialize)]
pub(crate) struct EntryAnswer {
    id: WatchId,
    protocol: ProtocolAnswer,
    alert_on_score_change: bool,
    alert_on_tier_change: bool,
    alert_threshold: u8,
    created_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct ProtocolAnswer {
    slug: ProtocolSlug,
    /// None of a protocol that is no longer known.
    name: Option<String>,
    /// Protocols are not scored yet.
    liquidity_score: Option<u8>,
    liquidity_tier: Option<&'static str>,
}

impl From<ProtocolWatch> for AddedAnswer {
    fn from(entry: ProtocolWatch) -> Self {
        Self {
            id: entry.watch,
            user_id: entry.account,
            protocol_id: protocol_id(&entry.slug).to_string(),
            alert_on_score_change: entry.alert_on_score_change,
            alert_on_tier_change: entry.alert_on_tier_change,
            alert_threshold: entry.alert_threshold,
            created_at: entry.created_at,
        }
    }
}

impl EntryAnswer {
    pub(crate) fn of(entry: ProtocolWatch, protocol: Option<&Protocol>) -> Self {
        Self {
            id: entry.watch,
            protocol: ProtocolAnswer {
                slug: entry.slug,
                name: protocol.map(|protocol| protocol.name.clone()),
                liquidity_score: None,
                liquidity_tier: None,
            },
            alert_on_score_change: entry.alert_on_score_change,
            alert_on_tier_change: entry.alert_on_tier_change,
            alert_threshold: entry.alert_threshold,
            created_at: entry.created_at,
        }
    }
}
