use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::StoreError;
use store::item::PrimaryKey;
use types::{AccountId, EventId, Product, Timestamp};

/// The version of the body of events. It changes with every change of the body that is no addition.
pub const API_VERSION: &str = "2026-11-28";

/// A stored event of an account, as the stream has it: what happened is data that is passed on as it is, whatever build stored it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct EventImage {
    pk: String,
    sk: String,
    /// Its id in the table.
    id: String,
    /// The product that it is about.
    pub product: Product,
    /// When it happened.
    pub at: Timestamp,
    /// What kind of event it is.
    pub kind: String,
    /// What happened.
    pub payload: Value,
}

/// The body that webhooks are sent.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Notification<'a> {
    /// The event's id, the same in every attempt and for every webhook.
    pub id: EventId,
    /// The type of the event.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// When it happened. Events may arrive in another order.
    pub created_at: Timestamp,
    /// The version of the body. It changes with every change that is no addition.
    #[schemars(extend("const" = API_VERSION))]
    pub api_version: &'static str,
    /// There in a test only, which did not happen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(extend("const" = true))]
    pub test: bool,
    /// What happened, in fields that depend on the type.
    pub data: &'a Value,
}

impl EventImage {
    /// The event of an item of the stream.
    pub fn of(image: serde_dynamo::Item) -> Result<Self, StoreError> {
        serde_dynamo::from_item(image).map_err(|error| StoreError::malformed("event", error))
    }

    /// The account that it happened to.
    pub fn account(&self) -> Result<AccountId, StoreError> {
        let key = PrimaryKey {
            pk: self.pk.clone(),
            sk: self.sk.clone(),
        };
        key.account()
            .ok_or_else(|| StoreError::malformed("event", "it has no account"))
    }

    /// The id by which its account knows it: the same for the same event.
    pub fn event_id(&self) -> EventId {
        let digest = Sha256::new()
            .chain_update(&self.pk)
            .chain_update("#")
            .chain_update(&self.id)
            .finalize();
        EventId::from_parts(self.at, first_128(&digest))
    }

    /// The body of its deliveries.
    pub fn body(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Notification {
            id: self.event_id(),
            kind: &self.kind,
            created_at: self.at,
            api_version: API_VERSION,
            test: false,
            data: &self.payload,
        })
    }
}

/// The first 128 bits of a digest.
pub(crate) fn first_128(digest: &[u8]) -> u128 {
    let first = digest.first_chunk().copied();
    u128::from_be_bytes(first.unwrap_or_default())
}
