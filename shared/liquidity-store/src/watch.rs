use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use store::item::number;
use types::{AccountId, Product, ProtocolSlug, Timestamp, WatchId};
use workspace::{AttributeChanges, Change, Watched};

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
}

impl ProtocolWatch {
    /// A new entry, with the default alerts: every change of tier, and of the score from ten points on.
    pub const fn new(
        account: AccountId,
        watch: WatchId,
        slug: ProtocolSlug,
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

impl From<WatchChange> for AttributeChanges {
    fn from(change: WatchChange) -> Self {
        let flag = |given: Option<bool>| Change::from(given).map(AttributeValue::Bool);
        let threshold = Change::from(change.alert_threshold);
        vec![
            ("alert_on_score_change", flag(change.alert_on_score_change)),
            ("alert_on_tier_change", flag(change.alert_on_tier_change)),
            ("alert_threshold", threshold.map(number)),
        ]
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
