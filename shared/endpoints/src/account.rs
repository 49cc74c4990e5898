//! What belongs to the account and to no product: keys, usage, credits. Calls are not counted by endpoint.

use types::{Feature, Scope};

use crate::{Access, Endpoint, Method};

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, None)
}

/// For a signed-in user.
const fn session(method: Method, path: &'static str) -> Endpoint {
    endpoint(method, path)
        .function("keys")
        .access(Access::Session)
}

/// For a key of any product, or a session.
const fn any_key(path: &'static str) -> Endpoint {
    endpoint(Method::Get, path)
        .function("usage")
        .key(Scope::Read)
}

endpoints! {
    /// Issues a key.
    KEY_ISSUE = session(Method::Post, "/api/v1/user/keys").body().idempotent();
    /// The account's keys.
    KEY_LIST = session(Method::Get, "/api/v1/user/keys");
    /// Replaces a key.
    KEY_ROTATE = session(Method::Post, "/api/v1/user/keys/rotate").body().idempotent();
    /// Revokes a key.
    KEY_REVOKE = session(Method::Delete, "/api/v1/user/keys/{key_id}");
    /// Reports leaked keys, which are revoked.
    KEYS_LEAKED = endpoint(Method::Post, "/api/v1/keys/leaked").function("keys").access(Access::Signature);
    /// The audit log.
    AUDIT = session(Method::Get, "/api/v1/audit");

    /// The plan's limits and their use this month.
    USAGE = any_key("/api/v1/usage");
    /// Calls over time.
    USAGE_STATS = any_key("/api/v1/usage/stats").requires(Feature::UsageStats);
    /// The balance, and the grants that make it up.
    CREDITS = any_key("/api/v1/credits");
    /// The credit ledger.
    CREDITS_LEDGER = any_key("/api/v1/credits/ledger");
}
