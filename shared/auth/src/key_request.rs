use accounts::{Actor, AuditAction, AuditEntry, KeyState};
use store::StoreError;
use types::{AuditId, KeyId, Product, RequestId, Scope, Timestamp};

use crate::{MAX_ACTIVE_KEYS, MAX_GRACE_KEYS, MAX_KEYS_PER_HOUR};

/// A request for a new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// The product that it is for.
    pub product: Product,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What its owner calls it.
    pub label: Option<String>,
    /// When it is to expire. The plan may make it expire sooner.
    pub expires_at: Option<Timestamp>,
}

/// Who changes something, when, and in which HTTP request: what the audit log records about a change.
#[derive(Clone, Copy, Debug)]
pub struct ChangedBy {
    /// Who makes the change.
    pub actor: Actor,
    /// The present instant.
    pub now: Timestamp,
    /// The HTTP request, if the change comes from one.
    pub request: Option<RequestId>,
}

/// Why a key is not issued, rotated or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The account does not have the product.
    #[error("the account does not have this product")]
    NoProduct,
    /// The account has as many active keys as it may have.
    #[error(
        "{MAX_ACTIVE_KEYS} keys of this product are active, and no more may be; revoke one first"
    )]
    Full,
    /// As many keys of the product were made in this hour as may be.
    #[error(
        "{MAX_KEYS_PER_HOUR} keys of this product were issued or rotated in this hour, and no more may be; try again when Retry-After is over"
    )]
    HourFull {
        /// Seconds until the hour ends.
        wait: i64,
    },
    /// As many rotated keys of the product are in their grace period as may be.
    #[error(
        "{MAX_GRACE_KEYS} rotated keys of this product are in their grace period, and no more may be; revoke one of them, or wait until one ends"
    )]
    GraceFull {
        /// Seconds until the first of these grace periods ends.
        wait: i64,
    },
    /// The account is suspended.
    #[error("the account is suspended, so no key can be made")]
    Suspended,
    /// The account has no such key.
    #[error("there is no such key")]
    NotFound,
    /// It was rotated before.
    #[error("this key was rotated already")]
    Rotated {
        /// The key that replaced it.
        by: Option<KeyId>,
    },
    /// It has expired or was revoked.
    #[error("this key has ended; issue a new one")]
    Ended(KeyState),
    /// The tables could not be reached, or other calls kept changing the same keys.
    #[error("the keys could not be changed")]
    Store(#[from] StoreError),
}

impl ChangedBy {
    /// An entry of the audit log.
    pub fn entry(&self, action: AuditAction, target: String, details: String) -> AuditEntry {
        AuditEntry {
            id: AuditId::new(self.now),
            actor: self.actor,
            action,
            target,
            at: self.now,
            request: self.request,
            details,
            internal: String::new(),
        }
    }
}
