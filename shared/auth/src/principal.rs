use types::{AccountId, KeyId, Product, Scope, Timestamp};

/// Who a call is made for, and with which key. It does not say whether the call is admitted: the meter decides that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The customer.
    pub account: AccountId,
    /// The product that the key is for.
    pub product: Product,
    /// The key.
    pub key: KeyId,
    /// The first key of its chain of rotations, which stays the same when the key is rotated.
    pub lineage: KeyId,
    /// What the key may do.
    pub scopes: Vec<Scope>,
    /// When the key expires.
    pub expires_at: Option<Timestamp>,
}

/// How long before its expiry a key's holder is notified, in seconds.
const EXPIRY_NOTICE: i64 = 14 * 86_400;

impl Principal {
    /// When the key expires, if that is within 14 days of `now`.
    pub fn ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        let soon = |end: &Timestamp| end.as_second() - now.as_second() <= EXPIRY_NOTICE;
        self.expires_at.filter(soon)
    }

    /// Whether the key may do what `needed` allows.
    pub fn may(&self, needed: Scope) -> bool {
        self.scopes.iter().any(|scope| scope.includes(needed))
    }
}
