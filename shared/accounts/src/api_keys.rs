use serde::{Deserialize, Serialize};
use store::item::row;
use store::keys::AccountsKey;
use store::{KeyHash, StoreError};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::Accounts;

/// What an API key gives access to. The row never changes, so that an instance may cache it: what can change
/// (revocation, limits, plan) is in the meter, which every call writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// The account it belongs to.
    pub account: AccountId,
    /// The product it opens.
    pub product: Product,
    /// Its id.
    pub key: KeyId,
    /// The first key of the chain of rotations that it is in: its own id if it was not rotated from another.
    pub lineage: KeyId,
    /// Its scopes, as written in the documentation.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Accounts {
    /// The key with this hash, if it was ever issued. Strongly consistent: a key works as soon as it is shown.
    pub async fn find_key(&self, hash: &KeyHash) -> Result<Option<KeyRow>, StoreError> {
        let found = self.0.get(AccountsKey::ApiKey(hash).into(), true).await?;
        found.map(|item| row("key", item)).transpose()
    }
}
