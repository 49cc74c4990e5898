use accounts::{Actor, AuditAction, AuditEntry, KeyState};
use store::StoreError;
use types::{AuditId, KeyId, Product, RequestId, Scope, Timestamp};

use crate::MAX_ACTIVE_KEYS;

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
        }
    }
}
