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

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Liquidity))
}

const fn read(path: &'static str) -> Endpoint {
    endpoint(Method::Get, path).key(Scope::Read)
}

const fn write(method: Method, path: &'static str) -> Endpoint {
    endpoint(method, path).key(Scope::Write)
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
}
