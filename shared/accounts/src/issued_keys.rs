use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{PrimaryKey, row};
use store::keys::{AccountsKey, ISSUED_KEYS};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::{Accounts, KeyRow, Meter};

/// How long a key that is no longer active is listed, in seconds.
pub(crate) const LISTED: i64 = 90 * 86_400;

/// A key as its account sees it: what it is, and what became of it. Whether calls with it are accepted is the
/// meter's to say; each write here changes both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedKey {
    /// What it stands for.
    #[serde(flatten)]
    pub row: KeyRow,
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its prefix, which names its product.
    pub prefix: String,
    /// Its last four characters.
    pub last4: String,
    /// The expiry that was asked for, which rotations keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_expiry: Option<Timestamp>,
    /// The UTC day it was last used on, `yyyymmdd`, once that day is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<String>,
    /// Until when it is taken after it was rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<Timestamp>,
    /// The key that it was rotated to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<KeyId>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// In use.
    Active,
    /// Rotated, and still taken for a while.
    Grace,
    /// Rotated, and no longer taken.
    Rotated,
    /// Expired.
    Expired,
    /// Revoked by its owner, by the operator or for a leak.
    Revoked,
}

impl IssuedKey {
    /// Its state at `now`.
    pub fn state(&self, now: Timestamp) -> KeyState {
        if self.revoked_at.is_some() {
            return KeyState::Revoked;
        }
        match self.grace_until {
            Some(until) if until > now => KeyState::Grace,
            Some(_) => KeyState::Rotated,
            None if self.is_over(now) => KeyState::Expired,
            None => KeyState::Active,
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.row.expires_at.is_some_and(|end| end <= now)
    }

    /// When it was revoked, if it was.
    fn ended_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.state(now) {
            KeyState::Active | KeyState::Grace => None,
            KeyState::Rotated => self.grace_until,
            KeyState::Expired => self.row.expires_at,
            KeyState::Revoked => self.revoked_at,
        }
    }
}

impl Accounts {
    /// Every key of an account that is not over, or has not been for long; the oldest of each product first.
    pub async fn issued_keys(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<IssuedKey>, StoreError> {
        let partition = AccountsKey::partition(account);
        let items = self.0.query(&partition, ISSUED_KEYS).await?;
        let keys: Vec<IssuedKey> = items
            .into_iter()
            .map(|item| row("issued key", item))
            .collect::<Result<_, _>>()?;
        let listed = |key: &IssuedKey| {
            let ended = key.ended_at(now);
            ended.is_none_or(|end| end.as_second() + LISTED > now.as_second())
        };
        Ok(keys.into_iter().filter(listed).collect())
    }

    /// The active keys of a product, by its meter.
    pub async fn active_keys(
        &self,
        account: AccountId,
        product: Product,
        meter: &Meter,
    ) -> Result<Vec<IssuedKey>, StoreError> {
        let active = meter.active.iter();
        let active = active.filter_map(|key| KeyId::from_suffix(key).ok());
        let keys: Vec<PrimaryKey> = active
            .map(|key| AccountsKey::AccountKey(account, product, key).into())
            .collect();
        let found = self.0.batch_get(&keys).await?.into_values();
        found.map(|item| row("issued key", item)).collect()
    }

    /// A key of this account, of whatever product.
    pub async fn issued_key(
        &self,
        account: AccountId,
        key: KeyId,
    ) -> Result<Option<IssuedKey>, StoreError> {
        let products = Product::ALL.into_iter();
        let candidates: Vec<PrimaryKey> = products
            .map(|product| AccountsKey::AccountKey(account, product, key).into())
            .collect();
        let found = self.0.batch_get(&candidates).await?;
        let item = found.into_values().next();
        item.map(|item| row("issued key", item)).transpose()
    }
}
