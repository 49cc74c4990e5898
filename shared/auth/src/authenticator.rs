use std::collections::HashMap;
use std::sync::Mutex;

use accounts::Accounts;
use store::{KeyHash, StoreError};
use types::{Scope, Timestamp};

use crate::{Principal, RawKey, RawKeyError};

/// Principals that an instance caches, about 200 bytes each.
const MAX_CACHED: usize = 4096;

/// Finds the principal of an API key.
///
/// A key's row never changes, so an instance caches it: a warm call reads nothing. Revocation does not depend on the cache,
/// because every admission checks on the meter that the key is active.
#[derive(Debug)]
pub struct Authenticator {
    accounts: Accounts,
    cache: Mutex<HashMap<KeyHash, Principal>>,
}

/// Why an API key is not valid.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// It does not have the format of a key.
    #[error(transparent)]
    Malformed(#[from] RawKeyError),
    /// It has the format of a key, but was never issued.
    #[error("this API key is not known; it may belong to another deployment")]
    Unknown,
    /// It has expired.
    #[error("this API key expired at {0}; issue a new one")]
    Expired(Timestamp),
    /// The keys could not be read.
    #[error("the keys could not be read")]
    Store(#[from] StoreError),
}

impl Authenticator {
    /// An authenticator with an empty cache.
    pub fn new(accounts: Accounts) -> Self {
        Self {
            accounts,
            cache: Mutex::default(),
        }
    }

    /// The principal of a raw key at `now`. Reads at most one row, and none for a key that is malformed or cached.
    pub async fn principal(&self, raw: &str, now: Timestamp) -> Result<Principal, AuthError> {
        let hash = RawKey::parse(raw)?.hash();
        let principal = match self.cached(&hash) {
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
        self.cache(hash, principal.clone());
        Ok(principal)
    }

    /// Connects to the accounts table before the first call, by looking up a key that cannot exist.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        self.accounts.find_key(&KeyHash::of("")).await?;
        Ok(())
    }

    fn cached(&self, hash: &KeyHash) -> Option<Principal> {
        self.cache.lock().ok()?.get(hash).cloned()
    }

    fn cache(&self, hash: KeyHash, principal: Principal) {
        if let Ok(mut cache) = self.cache.lock() {
            if cache.len() >= MAX_CACHED {
                cache.clear();
            }
            cache.insert(hash, principal);
        }
    }
}
