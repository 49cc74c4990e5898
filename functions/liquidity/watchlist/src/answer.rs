use liquidity::Tier;
use liquidity_store::{Protocol, ProtocolWatch, protocol_id};
use schemars::JsonSchema;
use serde::Serialize;
use types::{AccountId, ProtocolSlug, Timestamp, WatchId};

/// An entry as the call that adds it returns it.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "AddedProtocol")]
pub(crate) struct AddedAnswer {
    /// Its id.
    id: WatchId,
    /// The account.
    user_id: AccountId,
    /// The id of the protocol.
    protocol_id: String,
    /// Whether a change of the score is reported.
    alert_on_score_change: bool,
    /// Whether a change of the tier is reported.
    alert_on_tier_change: bool,
    /// Points of change from which on a score change is reported.
    alert_threshold: u8,
    /// When it was added.
    created_at: Timestamp,
}

/// An entry in the list.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "WatchedProtocol")]
pub(crate) struct EntryAnswer {
    /// Its id.
    id: WatchId,
    /// What is watched.
    protocol: ProtocolAnswer,
    /// Whether a change of the score is reported.
    alert_on_score_change: bool,
    /// Whether a change of the tier is reported.
    alert_on_tier_change: bool,
    /// Points of change from which on a score change is reported.
    alert_threshold: u8,
    /// When it was added.
    created_at: Timestamp,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolSummary")]
struct ProtocolAnswer {
    /// What it is called in paths.
    slug: ProtocolSlug,
    /// Its full name; null of a protocol that is no longer known.
    name: Option<String>,
    /// 0 to 100; null if too little is known.
    liquidity_score: Option<u8>,
    /// The tier of that score.
    liquidity_tier: Option<Tier>,
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
        let score = protocol.and_then(|protocol| protocol.monitor.score()?.score);
        Self {
            id: entry.watch,
            protocol: ProtocolAnswer {
                slug: entry.slug,
                name: protocol.map(|protocol| protocol.name.clone()),
                liquidity_score: score,
                liquidity_tier: score.map(Tier::of),
            },
            alert_on_score_change: entry.alert_on_score_change,
            alert_on_tier_change: entry.alert_on_tier_change,
            alert_threshold: entry.alert_threshold,
            created_at: entry.created_at,
        }
    }
}
