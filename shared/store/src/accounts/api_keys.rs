use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{AccountId, KeyId, Product, Timestamp};

use super::Accounts;
use crate::StoreError;
use crate::keys::AccountsKey;
use crate::table::{item, part, row, text};

/// The SHA-256 of a raw API key in hex: all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyHash(String);

impl KeyHash {
    /// The hash of a raw key.
    pub fn of(raw: &str) -> Self {
        Self(hex::encode(Sha256::digest(raw)))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an API key stands for. The row never changes, so that an instance may remember it: what can change
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
}

impl Accounts {
    /// The key with this hash, if it was ever issued. Strongly consistent: a key works as soon as it is shown.
    pub async fn find_key(&self, hash: &KeyHash) -> Result<Option<KeyRow>, StoreError> {
        let found = self.0.get(AccountsKey::ApiKey(hash).into(), true).await?;
        found.map(|item| row("key", item)).transpose()
    }

    /// Writes a key and makes it active on its product's meter, together.
    /// [`StoreError::Conflict`] if the meter does not exist.
    pub async fn issue_key(&self, hash: &KeyHash, key: &KeyRow) -> Result<(), StoreError> {
        let activate = self
            .0
            .change(AccountsKey::Meter(key.account, key.product))
            .update_expression("ADD active :key")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":key", AttributeValue::Ss(vec![key.key.suffix()]));
        let stored = item("key", AccountsKey::ApiKey(hash).into(), key)?;
        self.0
            .transact(vec![self.0.creation(stored)?, part(activate)?])
            .await
    }

    /// Takes a key off its meter: from the answer on, no call with it is admitted.
    /// [`StoreError::Conflict`] if the key is not in use on this product.
    pub async fn revoke_key(
        &self,
        account: AccountId,
        product: Product,
        key: KeyId,
    ) -> Result<(), StoreError> {
        self.0
            .update(AccountsKey::Meter(account, product))
            .update_expression("DELETE active :keys REMOVE grace.#key")
            .condition_expression("contains(active, :key) OR attribute_exists(grace.#key)")
            .expression_attribute_names("#key", key.suffix())
            .expression_attribute_values(":key", text(key.suffix()))
            .expression_attribute_values(":keys", AttributeValue::Ss(vec![key.suffix()]))
            .send()
            .await?;
        Ok(())
    }
}
