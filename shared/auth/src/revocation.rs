use accounts::{AuditAction, KeyRow, KeyState, Meter};
use store::{KeyHash, StoreError};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::{ChangedBy, Keyring, KeyringError};

impl Keyring {
    /// Revokes a key: once this returns, no call with it is admitted. Revoking a key that is revoked or expired changes nothing.
    pub async fn revoke(
        &self,
        by: &ChangedBy,
        account: AccountId,
        key: KeyId,
    ) -> Result<(), KeyringError> {
        let found = self.find(account, key).await?;
        if found.revoked_at.is_some() {
            return Ok(());
        }
        let (product, action) = (found.row.product, AuditAction::KeyRevoke);
        let audit = by.entry(action, key.to_string(), String::new());
        let revoked = self.accounts.revoke_key(account, product, key, &audit);
        match revoked.await {
            // It is no longer on the meter: another call revoked it, or it had expired.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Revokes the key with this hash, if there is one, because it was found in public at `location`. Returns its row.
    pub async fn revoke_leaked(
        &self,
        by: &ChangedBy,
        hash: &KeyHash,
        location: String,
    ) -> Result<Option<KeyRow>, KeyringError> {
        let Some(row) = self.accounts.find_key(hash).await? else {
            return Ok(None);
        };
        let audit = by.entry(AuditAction::KeyLeaked, row.key.to_string(), location);
        let revoked = self
            .accounts
            .revoke_key(row.account, row.product, row.key, &audit);
        match revoked.await {
            Ok(()) | Err(StoreError::Conflict) => Ok(Some(row)),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes expired keys from a meter, of those that are active by what was seen of it. Returns whether there were any.
    pub(crate) async fn drop_expired(
        &self,
        (account, product): (AccountId, Product),
        meter: &Meter,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let keys = self.accounts.active_keys(account, product, meter).await?;
        let expired = keys
            .iter()
            .filter(|key| key.state(now) == KeyState::Expired);
        let expired: Vec<KeyId> = expired.map(|key| key.row.key).collect();
        if expired.is_empty() {
            return Ok(false);
        }
        self.accounts
            .drop_expired(account, product, &expired)
            .await?;
        Ok(true)
    }
}
