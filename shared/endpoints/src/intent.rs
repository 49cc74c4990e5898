//! `intent`: buying-intent scores of companies.

use types::{Credits, Feature, Product, Scope};

use crate::{Endpoint, Method, Price};

/// The price of a score, single or in bulk. A company without signals is free.
pub const SCORE_PRICE: Credits = Credits::whole(1);

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Intent))
}

const fn read(path: &'static str) -> Endpoint {
    endpoint(Method::Get, path).key(Scope::Read)
}

const fn write(method: Method, path: &'static str) -> Endpoint {
    endpoint(method, path).key(Scope::Write)
}

const PER_SCORE: Price = Price::Fixed(SCORE_PRICE);

endpoints! {
    /// The score of a company.
    SCORE = read("/api/v1/score").function("score").price(PER_SCORE).code(1);

    /// Starts a bulk job.
    BULK_SUBMIT = write(Method::Post, "/api/v1/score/bulk").function("bulk").body().idempotent()
        .price(Price::PerItem(SCORE_PRICE)).code(2);
    /// The account's bulk jobs.
    BULK_LIST = read("/api/v1/score/bulk").function("bulk").code(3);
    /// A bulk job.
    BULK_READ = read("/api/v1/score/bulk/{job_id}").function("bulk").code(4);
    /// Cancels a bulk job.
    BULK_CANCEL = write(Method::Post, "/api/v1/score/bulk/{job_id}/cancel").function("bulk").code(5);

    /// Adds signals of the account's own.
    SIGNALS_ADD = write(Method::Post, "/api/v1/signals").function("signals").body().idempotent()
        .requires(Feature::Signals).code(6);

    /// The scores of a company, day by day.
    HISTORY = read("/api/v1/score/history").function("insight").price(PER_SCORE).code(7);
    /// The score at a time in the past.
    EXPLAIN = read("/api/v1/score/explain").function("insight").price(PER_SCORE).code(8);
    /// A score by a stored profile.
    PREVIEW_STORED = read("/api/v1/score/preview").function("insight").price(PER_SCORE).code(9);
    /// A score by a profile in the request.
    PREVIEW_GIVEN = write(Method::Post, "/api/v1/score/preview").function("insight").body().idempotent()
        .price(PER_SCORE).code(10);

    /// Stores a scoring profile.
    PROFILE_CREATE = write(Method::Post, "/api/v1/score/profiles").function("insight").body().idempotent()
        .requires(Feature::ScoringProfiles).code(11);
    /// The account's scoring profiles.
    PROFILE_LIST = read("/api/v1/score/profiles").function("insight").code(12);
    /// A scoring profile.
    PROFILE_READ = read("/api/v1/score/profiles/{profile_id}").function("insight").code(12);
    /// Replaces a scoring profile.
    PROFILE_REPLACE = write(Method::Put, "/api/v1/score/profiles/{profile_id}").function("insight").body().code(11);
    /// Deletes a scoring profile.
    PROFILE_DELETE = write(Method::Delete, "/api/v1/score/profiles/{profile_id}").function("insight").code(11);

    /// Adds a company to the watchlist, and shows its score.
    WATCH_ADD = write(Method::Post, "/api/v1/watchlist").function("watchlist").body().idempotent()
        .requires(Feature::Watchlist).price(PER_SCORE).code(13);
    /// The account's watchlist.
    WATCH_LIST = read("/api/v1/watchlist").function("watchlist").code(14);
    /// An entry of the watchlist.
    WATCH_READ = read("/api/v1/watchlist/{subject}").function("watchlist").code(14);
    /// Changes what is reported about a company.
    WATCH_CHANGE = write(Method::Patch, "/api/v1/watchlist/{subject}").function("watchlist").body().code(13);
    /// Removes a company from the watchlist.
    WATCH_REMOVE = write(Method::Delete, "/api/v1/watchlist/{subject}").function("watchlist").code(13);
}
