use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{number, text};
use store::keys::WorkspaceKey;
use store::table::part;
use types::{AccountId, Product, ProtocolSlug, Timestamp, WatchId};
use workspace::{AttributeChanges, Change, Event, Watched, Workspace};

/// Points of change from which on a score change is reported, by default.
const DEFAULT_THRESHOLD: u8 = 10;

/// A protocol on an account's watchlist, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtocolWatch {
    /// Its owner.
    pub account: AccountId,
    /// Its id, which distinguishes it from an earlier entry of the same protocol.
    pub watch: WatchId,
    /// The protocol.
    pub slug: ProtocolSlug,
    /// Whether changes of its score are reported.
    pub alert_on_score_change: bool,
    /// Whether changes of its tier are reported.
    pub alert_on_tier_change: bool,
    /// Points of change from which on a score change is reported, 1 to 100.
    pub alert_threshold: u8,
    /// When it was added.
    pub created_at: Timestamp,
    /// The score that changes are counted from: that when it was added, and since then the one last reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_score: Option<u8>,
    /// When the last change of the score was that was counted for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Timestamp>,
}

impl ProtocolWatch {
    /// A new entry of a protocol that has this score, with the default alerts: every change of tier, and of the score from ten points
    /// on.
    pub const fn new(
        (account, watch): (AccountId, WatchId),
        slug: ProtocolSlug,
        score: Option<u8>,
        created_at: Timestamp,
    ) -> Self {
        Self {
            account,
            watch,
            slug,
            alert_on_score_change: true,
            alert_on_tier_change: true,
            alert_threshold: DEFAULT_THRESHOLD,
            created_at,
            reported_score: score,
            reported_at: None,
        }
    }
}

/// A change of what is reported of an entry. What is not given stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WatchChange {
    /// Of whether changes of the score are reported.
    pub alert_on_score_change: Option<bool>,
    /// Of whether changes of the tier are reported.
    pub alert_on_tier_change: Option<bool>,
    /// Of the points of change from which on a score change is reported.
    pub alert_threshold: Option<u8>,
}

impl WatchChange {
    /// The change of an entry's attributes at `now`. Who has the alert about the score turned on is told of changes from then on,
    /// counted from the score before the first of them.
    pub fn attributes(self, now: Timestamp) -> AttributeChanges {
        let flag = |given: Option<bool>| Change::from(given).map(AttributeValue::Bool);
        let threshold = Change::from(self.alert_threshold);
        let mut changes = vec![
            ("alert_on_score_change", flag(self.alert_on_score_change)),
            ("alert_on_tier_change", flag(self.alert_on_tier_change)),
            ("alert_threshold", threshold.map(number)),
        ];
        if self.alert_on_score_change == Some(true) {
            changes.push(("reported_score", Change::Clear));
            changes.push(("reported_at", Change::Set(text(now.to_string()))));
        }
        changes
    }
}

impl Watched for ProtocolWatch {
    const PRODUCT: Product = Product::Liquidity;

    fn account(&self) -> AccountId {
        self.account
    }

    fn subject(&self) -> &str {
        self.slug.as_str()
    }
}

impl ProtocolWatch {
    /// Stores that further changes of the score are counted from `score`, by a change of it at `at`; with the event that reports it, if
    /// it does, all or nothing. Does nothing if a change at that time or later was counted, or the entry is gone. One
    /// transaction.
    pub async fn count_from(
        &self,
        workspace: &Workspace,
        (score, at): (u8, Timestamp),
        event: Option<&Event>,
    ) -> Result<(), StoreError> {
        let table = workspace.table();
        let key = WorkspaceKey::Watch(self.account, Self::PRODUCT, self.slug.as_str());
        let update = table
            .change(key)
            .update_expression("SET reported_score = :score, reported_at = :at")
            .condition_expression(
                "watch = :watch AND (attribute_not_exists(reported_at) OR reported_at < :at)",
            )
            .expression_attribute_values(":watch", text(self.watch.to_string()))
            .expression_attribute_values(":score", number(score))
            .expression_attribute_values(":at", text(at.to_string()));
        let mut writes = vec![part(update)?];
        if let Some(event) = event {
            writes.push(table.creation(event.stored(self.account)?)?);
        }
        match table.transact(writes).await {
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
