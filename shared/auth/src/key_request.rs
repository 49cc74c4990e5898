use accounts::{Actor, AuditAction, AuditEntry, KeyState};
use store::StoreError;
use types::{AuditId, KeyId, Product, RequestId, Scope, Timestamp};

use crate::MOST_ACTIVE;

/// A key that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// The product that it opens.
    pub product: Product,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What its owner calls it.
    pub label: Option<String>,
    /// When it is to end. The plan may end it sooner.
    pub expires_at: Option<Timestamp>,
}

/// Who asks, when, and in which HTTP request: what the audit log says of a change.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// The present instant.
    pub now: Timestamp,
    /// The request, if it is one.
    pub request: Option<RequestId>,
}

/// Why a key is not issued, rotated or ended.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The account does not have the product.
    #[error("the account does not have this product")]
    NoProduct,
    /// There are as many as there may be.
    #[error("{MOST_ACTIVE} keys of this product are active, and no more may be; revoke one first")]
    Full,
    /// The account has no such key.
    #[error("there is no such key")]
    NotFound,
    /// It was rotated before.
    #[error("this key was rotated already")]
    Rotated {
        /// The key that took its place.
        by: Option<KeyId>,
    },
    /// It has ended.
    #[error("this key has ended; issue a new one")]
    Ended(KeyState),
    /// The tables could not be reached, or others changed the same keys all the time.
    #[error("the keys could not be changed")]
    Store(#[from] StoreError),
}

impl By {
    /// The entry of the audit log.
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
