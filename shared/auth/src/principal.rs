use types::{AccountId, KeyId, Product, Timestamp};

use crate::Scope;

/// Who a call is made for, and with which key. It says nothing about whether the call is let in: that is the meter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The customer.
    pub account: AccountId,
    /// The product that the key opens.
    pub product: Product,
    /// The key.
    pub key: KeyId,
    /// The first key of its chain of rotations, which stays the same when the key is rotated.
    pub lineage: KeyId,
    /// What the key may do.
    pub scopes: Vec<Scope>,
    /// When the key ends by itself.
    pub expires_at: Option<Timestamp>,
}

impl Principal {
    /// Whether the key may do what `needed` allows.
    pub fn may(&self, needed: Scope) -> bool {
        self.scopes.iter().any(|scope| scope.includes(needed))
    }
}
