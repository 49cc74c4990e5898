//! What belongs to the account and to no product: keys, usage, credits. Calls are not counted by endpoint.

use types::{Feature, Scope};

use crate::{Access, CURSOR, Endpoint, Method, Param};

/// The product whose counters are asked for.
pub const PRODUCT: Param = Param::words(
    "product",
    &["intent", "leads", "liquidity", "portal"],
    "The product: a key's own, and for a session `liquidity` or, of credits, `intent`, if it is left out.",
);
/// The length of a period.
pub const INTERVAL: Param = Param::words(
    "interval",
    &["day", "week", "month"],
    "The length of a period; `day` if it is left out.",
);
/// Days of statistics.
pub const STATS_DAYS: Param =
    Param::number("days", 30, 1..=365, "UTC days looked back, today included.");
/// What splits calls into series.
pub const GROUP_BY: Param = Param::words(
    "group_by",
    &["key", "route"],
    "With `series`: the same by key, or by route.",
);
/// Entries of the ledger a page.
pub const LEDGER_LIMIT: Param = Param::number("limit", 100, 1..=1_000, "Entries a page.");
/// Entries of the audit log a page.
pub const AUDIT_LIMIT: Param = Param::number("limit", 50, 1..=100, "Entries a page.");

const KEY_ID: Param = Param::path(
    "key_id",
    "key_01m80dt3yw4cf6sp8jm7bbvmbh",
    "The key's `keyId`.",
);

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
    /// Lists the keys.
    KEY_LIST = session(Method::Get, "/api/v1/user/keys");
    /// Replaces a key.
    KEY_ROTATE = session(Method::Post, "/api/v1/user/keys/rotate").body().idempotent();
    /// Revokes a key.
    KEY_REVOKE = session(Method::Delete, "/api/v1/user/keys/{key_id}").params(&[KEY_ID]);
    /// Reports leaked keys, which are revoked.
    KEYS_LEAKED = endpoint(Method::Post, "/api/v1/keys/leaked").function("keys").access(Access::Signature);
    /// Lists the audit log.
    AUDIT = session(Method::Get, "/api/v1/audit").params(&[AUDIT_LIMIT, CURSOR]);

    /// Shows the plan's limits and their use this month.
    USAGE = any_key("/api/v1/usage").params(&[PRODUCT]);
    /// Counts calls over time.
    USAGE_STATS = any_key("/api/v1/usage/stats").requires(Feature::UsageStats)
        .params(&[INTERVAL, STATS_DAYS, GROUP_BY, PRODUCT]);
    /// Shows the balance, and the grants that make it up.
    CREDITS = any_key("/api/v1/credits").params(&[PRODUCT]);
    /// Lists the credit ledger.
    CREDITS_LEDGER = any_key("/api/v1/credits/ledger").params(&[LEDGER_LIMIT, CURSOR, PRODUCT]);
}
