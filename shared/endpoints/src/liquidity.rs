//! `liquidity`: liquidity scores of tokenised real-world assets.

use types::{Feature, Product, Scope};

use crate::{CURSOR, Endpoint, Method, Param};

/// Entries of the watchlist a page.
pub const WATCH_LIMIT: Param = Param::number("limit", 500, 1..=500, "Entries a page.");

const SLUG: Param = Param::path("slug", "ondo-usdy", "The protocol's slug.");
const WATCHED: Param = Param::path(
    "subject",
    "ondo-usdy",
    "What is watched: the slug of the protocol.",
);
const PROFILE_ID: Param = Param::path(
    "profile_id",
    "profile_01k9xw3tkbc2v6m8p4h0r5zqde",
    "The profile's `id`.",
);

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Liquidity))
}

const fn read(path: &'static str) -> Endpoint {
    endpoint(Method::Get, path).key(Scope::Read)
}

const fn write(method: Method, path: &'static str) -> Endpoint {
    endpoint(method, path).key(Scope::Write)
}

/// An endpoint of scoring profiles, which the plan has to include.
const fn profile(method: Method, path: &'static str) -> Endpoint {
    let endpoint = match method {
        Method::Get => read(path).code(17),
        Method::Post | Method::Put | Method::Patch | Method::Delete => write(method, path).code(16),
    };
    endpoint
        .function("profiles")
        .requires(Feature::ScoringProfiles)
}

endpoints! {
    /// Shows a protocol.
    PROTOCOL_READ = read("/api/v1/protocols/{slug}").function("market").code(1).params(&[SLUG]);

    /// Adds a protocol to the watchlist.
    WATCH_ADD = write(Method::Post, "/api/v1/watchlist").function("watchlist").body().idempotent()
        .requires(Feature::Watchlist).code(2);
    /// Lists the watchlist.
    WATCH_LIST = read("/api/v1/watchlist").function("watchlist").code(3).params(&[WATCH_LIMIT, CURSOR]);
    /// Removes a protocol from the watchlist.
    WATCH_REMOVE = write(Method::Delete, "/api/v1/watchlist/{subject}").function("watchlist").code(2)
        .params(&[WATCHED]);

    /// Stores a scoring profile.
    SCORING_PROFILE_CREATE = profile(Method::Post, "/api/v1/scoring-profiles").body().idempotent();
    /// Lists the scoring profiles.
    SCORING_PROFILE_LIST = profile(Method::Get, "/api/v1/scoring-profiles");
    /// Shows a scoring profile.
    SCORING_PROFILE_READ = profile(Method::Get, "/api/v1/scoring-profiles/{profile_id}").params(&[PROFILE_ID]);
    /// Replaces a scoring profile.
    SCORING_PROFILE_REPLACE = profile(Method::Put, "/api/v1/scoring-profiles/{profile_id}").body().params(&[PROFILE_ID]);
    /// Leaves the account without a default scoring profile.
    SCORING_PROFILE_CLEAR_DEFAULT = profile(Method::Delete, "/api/v1/scoring-profiles/default");
    /// Deletes a scoring profile.
    SCORING_PROFILE_DELETE = profile(Method::Delete, "/api/v1/scoring-profiles/{profile_id}").params(&[PROFILE_ID]);
    /// Makes a scoring profile the account's default.
    SCORING_PROFILE_SET_DEFAULT = profile(Method::Put, "/api/v1/scoring-profiles/{profile_id}/default").params(&[PROFILE_ID]);
}
