use std::collections::HashMap;
use std::sync::Mutex;

use accounts::Accounts;
use store::{KeyHash, StoreError};
use types::{Scope, Timestamp};

use crate::{Principal, RawKey, RawKeyError};

/// Principals an instance remembers, about 200 bytes each.
const REMEMBERED: usize = 4096;

/// Finds the principal of an API key.
///
/// A key's row never changes, so an instance remembers it: a warm call reads nothing. Revocation does not wait for
/// this memory, because every admission asks the meter whether the key is active.
#[derive(Debug)]
pub struct Authenticator {
    accounts: Accounts,
    remembered: Mutex<HashMap<KeyHash, Principal>>,
}

/// Why a credential stands for nobody.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// It has not the form of a key.
    #[error(transparent)]
    Malformed(#[from] RawKeyError),
    /// It has the form of a key, and was never issued.
    #[error("this API key is not known; it may belong to another deployment")]
    Unknown,
    /// It has ended by itself.
    #[error("this API key expired at {0}; issue a new one")]
    Expired(Timestamp),
    /// The keys could not be read.
    #[error("the keys could not be read")]
    Store(#[from] StoreError),
}

impl Authenticator {
    /// An authenticator with an empty memory.
    pub fn new(accounts: Accounts) -> Self {
        Self {
            accounts,
            remembered: Mutex::default(),
        }
    }

    /// The principal of a raw key at `now`. Reads at most one row, and none for a key that is malformed or remembered.
    pub async fn principal(&self, raw: &str, now: Timestamp) -> Result<Principal, AuthError> {
        let hash = RawKey::parse(raw)?.hash();
        let principal = match self.recall(&hash) {
            Some(principal) => principal,
            None => Box::pin(self.read(hash)).await?,
        };
        match principal.expires_at {
            Some(end) if end <= now => Err(AuthError::Expired(end)),
            _ => Ok(principal),
        }
    }

    async fn read(&self, hash: KeyHash) -> Result<Principal, AuthError> {
        let row = self
            .accounts
            .find_key(&hash)
            .await?
            .ok_or(AuthError::Unknown)?;
        let scopes = row
            .scopes
            .iter()
            .filter_map(|name| Scope::named(row.product, name))
            .collect();
        let principal = Principal {
            account: row.account,
            product: row.product,
            key: row.key,
            lineage: row.lineage,
            scopes,
            expires_at: row.expires_at,
        };
        self.remember(hash, principal.clone());
        Ok(principal)
    }

    /// Makes the way to the keys ready before the first call: looks up a key that cannot exist.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        self.accounts.find_key(&KeyHash::of("")).await?;
        Ok(())
    }

    fn recall(&self, hash: &KeyHash) -> Option<Principal> {
        self.remembered.lock().ok()?.get(hash).cloned()
    }

    fn remember(&self, hash: KeyHash, principal: Principal) {
        if let Ok(mut remembered) = self.remembered.lock() {
            if remembered.len() >= REMEMBERED {
                remembered.clear();
            }
            remembered.insert(hash, principal);
        }
    }
}
