use serde::{Deserialize, Deserializer, Serialize, de};
use store::StoreError;
use store::item::{Item, item};
use store::keys::WorkspaceKey;
use types::{AccountId, Product, Timestamp};

use crate::{EventPayload, Workspace};

/// The version of the stored form. Raised when the payload of a kind changes; a further kind is an unknown one to older
/// builds in any case.
const VERSION: u32 = 1;

/// Something that happened to an account, as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// `<kind>#<product>#<trigger>`: the same trigger makes the same event, so that it is stored once.
    pub id: String,
    /// The product that it is about.
    pub product: Product,
    /// When it happened, or was first seen.
    pub at: Timestamp,
    /// When DynamoDB may delete it, in seconds since 1970; never if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    /// The version of this form.
    #[serde(deserialize_with = "known_version")]
    pub version: u32,
    /// What happened: the attributes `kind` and `payload`.
    #[serde(flatten)]
    pub payload: EventPayload,
}

impl Event {
    /// An event of this build's version, with the id and the expiry of its kind.
    pub fn new(product: Product, at: Timestamp, payload: EventPayload) -> Self {
        let (kind, trigger) = (payload.kind(), payload.trigger(at));
        let kept = payload.kept_seconds();
        Self {
            id: format!("{kind}#{product}#{trigger}"),
            product,
            at,
            expires: kept.map(|seconds| at.as_second() + seconds),
            version: VERSION,
            payload,
        }
    }

    /// The item that stores it for an account. [`store::table::row`] reads it back; of a newer version or an unknown kind,
    /// that is [`StoreError::Malformed`].
    pub fn stored(&self, account: AccountId) -> Result<Item, StoreError> {
        item(
            "stored event",
            WorkspaceKey::Event(account, &self.id).into(),
            self,
        )
    }
}

/// Refuses what a later build has stored before anything is made of its payload.
fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if version > VERSION {
        return Err(de::Error::custom(format_args!(
            "the event is of version {version}, and this build reads versions up to {VERSION}"
        )));
    }
    Ok(version)
}

impl Workspace {
    /// Stores an event, unless it is stored.
    pub async fn record_event(&self, account: AccountId, event: &Event) -> Result<(), StoreError> {
        match self.table.create(event.stored(account)?).await {
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
