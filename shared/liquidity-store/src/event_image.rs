use serde::Deserialize;
use store::StoreError;
use store::item::{PrimaryKey, text};
use types::{AccountId, ProtocolSlug};

use crate::{ProtocolEvent, Protocols};

/// What has happened to a protocol, as the stream has it, and which of its watchers have been told.
#[derive(Clone, Debug, PartialEq)]
pub struct EventImage {
    key: PrimaryKey,
    /// The protocol.
    pub slug: ProtocolSlug,
    /// What has happened.
    pub happened: ProtocolEvent,
    /// The last watcher that was told, in the order of accounts; none before the first page.
    pub told_up_to: Option<AccountId>,
}

#[derive(Deserialize)]
struct Stored {
    pk: String,
    sk: String,
    #[serde(default)]
    told_up_to: Option<AccountId>,
    #[serde(flatten)]
    happened: ProtocolEvent,
}

impl EventImage {
    /// The event of an item of the stream.
    pub fn of(image: serde_dynamo::Item) -> Result<Self, StoreError> {
        let malformed = |error| StoreError::malformed("event of a protocol", error);
        let stored: Stored = serde_dynamo::from_item(image).map_err(malformed)?;
        let Stored {
            pk,
            sk,
            told_up_to,
            happened,
        } = stored;
        let key = PrimaryKey { pk, sk };
        let slug = key
            .protocol()
            .ok_or_else(|| StoreError::malformed("event of a protocol", "it has no protocol"))?;
        Ok(Self {
            key,
            slug,
            happened,
            told_up_to,
        })
    }
}

impl Protocols {
    /// Stores that the watchers up to one have been told of an event, which makes the stream bring it again for the next ones. Does
    /// nothing if another run has stored it. One write.
    pub async fn told(&self, event: &EventImage, up_to: AccountId) -> Result<(), StoreError> {
        let update = self
            .0
            .client()
            .update_item()
            .table_name(self.0.name())
            .set_key(Some(event.key.clone().into_item()))
            .update_expression("SET told_up_to = :next")
            .expression_attribute_values(":next", text(up_to.to_string()));
        let update = match event.told_up_to {
            None => update
                .condition_expression("attribute_exists(pk) AND attribute_not_exists(told_up_to)"),
            Some(seen) => update
                .condition_expression("told_up_to = :seen")
                .expression_attribute_values(":seen", text(seen.to_string())),
        };
        match update.send().await.map_err(StoreError::from) {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
