use intent::Band;
use serde::Serialize;
use store::StoreError;
use store::keys::WorkspaceKey;
use store::table::{Item, item};
use types::{AccountId, Domain, Product, Timestamp};
use workspace::EventKind;

use crate::WatchEntry;

/// How long an event of a watchlist is kept, in seconds.
const KEPT: i64 = 90 * 86_400;

/// Something that a refresh found out about a watched company, and that the entry's owner wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WatchEvent {
    /// Names the occasion, the entry and the moment of its new score: whoever finds it out gives it the same id.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// The product that it is about.
    pub product: Product,
    /// The moment of the new score.
    pub at: Timestamp,
    /// The company.
    pub domain: Domain,
    /// What the entry's owner calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// The new score.
    pub score: u8,
    /// Its band.
    pub band: Band,
    /// The score that it is compared with: the one before, or, for a change of points, the one last told of.
    pub previous_score: u8,
    /// Its band.
    pub previous_band: Band,
    /// When DynamoDB may delete it, in seconds since 1970.
    pub expires: i64,
}

impl WatchEvent {
    /// That an entry with its new score differs from a score before.
    pub fn new(kind: EventKind, entry: &WatchEntry, previous_score: u8) -> Self {
        let product = Product::Intent;
        let second = entry.scored_at.as_second();
        Self {
            id: format!("{kind}#{product}#{}-{second}", entry.watch.suffix()),
            kind,
            product,
            at: entry.scored_at,
            domain: entry.domain.clone(),
            company_name: entry.company_name.clone(),
            score: entry.score,
            band: entry.band(),
            previous_score,
            previous_band: Band::of(previous_score),
            expires: second + KEPT,
        }
    }

    pub(crate) fn stored(&self, account: AccountId) -> Result<Item, StoreError> {
        item("event", WorkspaceKey::Event(account, &self.id).into(), self)
    }
}
