//! `intent`: buying-intent scores of companies.

use types::{Credits, Feature, Product, Scope};

use crate::{CURSOR, Endpoint, Method, Param, Price};

/// The price of a score, single or in bulk. A company without signals is free.
pub const SCORE_PRICE: Credits = Credits::whole(1);

/// The company of a score.
pub const DOMAIN: Param = Param::text(
    "domain",
    "stripe.com",
    "The company's domain, such as `stripe.com`; a host name or a URL of the company is read as its domain.",
)
.required();
/// Whether a score has its signals.
pub const INCLUDE_SIGNALS: Param = Param::flag(
    "include_signals",
    true,
    "With `signals` and `more_signals`.",
);
/// Whether a score has a talk track.
pub const INCLUDE_TALK_TRACK: Param = Param::flag(
    "include_talk_track",
    false,
    "With `talk_track`, an opening for a call.",
);
/// Whether a score has the subject of an e-mail.
pub const INCLUDE_EMAIL_SUBJECT: Param = Param::flag(
    "include_email_subject",
    false,
    "With `email_subject`, for a first e-mail.",
);
/// Days of a history.
pub const DAYS: Param = Param::number("days", 90, 1..=730, "UTC days looked back, today included.");
/// The moment of a score of the past.
pub const AT: Param = Param::text(
    "at",
    "2026-11-20T09:30:00Z",
    "A time (RFC 3339) or a day (`2026-11-20`, read as its end in UTC, and today as now); not in the future, at most 730 days back.",
)
.required();
/// The profile of a preview.
pub const PROFILE: Param = Param::text(
    "profile",
    "profile_01k9xw3tkbc2v6m8p4h0r5zqde",
    "The `profile_id` of a scoring profile.",
)
.required();
/// Jobs a page.
pub const JOBS_LIMIT: Param = Param::number("limit", 20, 1..=100, "Jobs a page.");
/// Entries of the watchlist a page.
pub const WATCH_LIMIT: Param = Param::number("limit", 100, 1..=500, "Entries a page.");
/// The band of the entries that are listed.
pub const BAND: Param = Param::words(
    "band",
    &["HOT", "WARM", "COLD"],
    "Entries of this band only.",
);

const JOB_ID: Param = Param::path(
    "job_id",
    "job_01m80e5b3865qrp9d2r51rn4ss",
    "The job's `job_id`.",
);
const PROFILE_ID: Param = Param::path(
    "profile_id",
    "profile_01k9xw3tkbc2v6m8p4h0r5zqde",
    "The profile's `profile_id`.",
);
const WATCHED: Param = Param::path(
    "subject",
    "stripe.com",
    "What is watched: the domain of the company.",
);

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
    /// Scores a company.
    SCORE = read("/api/v1/score").function("score").price(PER_SCORE).code(1)
        .params(&[DOMAIN, INCLUDE_SIGNALS, INCLUDE_TALK_TRACK, INCLUDE_EMAIL_SUBJECT]);

    /// Starts a bulk job.
    BULK_SUBMIT = write(Method::Post, "/api/v1/score/bulk").function("bulk").body().idempotent()
        .price(Price::PerItem(SCORE_PRICE)).code(2);
    /// Lists the bulk jobs.
    BULK_LIST = read("/api/v1/score/bulk").function("bulk").code(3).params(&[JOBS_LIMIT, CURSOR]);
    /// Shows a bulk job.
    BULK_READ = read("/api/v1/score/bulk/{job_id}").function("bulk").code(4).params(&[JOB_ID]);
    /// Cancels a bulk job.
    BULK_CANCEL = write(Method::Post, "/api/v1/score/bulk/{job_id}/cancel").function("bulk").code(5)
        .params(&[JOB_ID]);

    /// Adds signals of the account's own.
    SIGNALS_ADD = write(Method::Post, "/api/v1/signals").function("signals").body().idempotent()
        .requires(Feature::Signals).code(6);

    /// Shows the scores of a company, day by day.
    HISTORY = read("/api/v1/score/history").function("insight").price(PER_SCORE).code(7)
        .params(&[DOMAIN, DAYS]);
    /// Shows the score at a time in the past.
    EXPLAIN = read("/api/v1/score/explain").function("insight").price(PER_SCORE).code(8)
        .params(&[DOMAIN, AT]);
    /// Previews a score by a stored profile.
    PREVIEW_STORED = read("/api/v1/score/preview").function("insight").price(PER_SCORE).code(9)
        .params(&[DOMAIN, PROFILE]);
    /// Previews a score by weights in the request.
    PREVIEW_GIVEN = write(Method::Post, "/api/v1/score/preview").function("insight").body().idempotent()
        .price(PER_SCORE).code(10);

    /// Stores a scoring profile.
    PROFILE_CREATE = write(Method::Post, "/api/v1/score/profiles").function("insight").body().idempotent()
        .requires(Feature::ScoringProfiles).code(11);
    /// Lists the scoring profiles.
    PROFILE_LIST = read("/api/v1/score/profiles").function("insight").code(12);
    /// Shows a scoring profile.
    PROFILE_READ = read("/api/v1/score/profiles/{profile_id}").function("insight").code(12)
        .params(&[PROFILE_ID]);
    /// Replaces a scoring profile.
    PROFILE_REPLACE = write(Method::Put, "/api/v1/score/profiles/{profile_id}").function("insight").body().code(11)
        .params(&[PROFILE_ID]);
    /// Deletes a scoring profile.
    PROFILE_DELETE = write(Method::Delete, "/api/v1/score/profiles/{profile_id}").function("insight").code(11)
        .params(&[PROFILE_ID]);

    /// Adds a company to the watchlist, and shows its score.
    WATCH_ADD = write(Method::Post, "/api/v1/watchlist").function("watchlist").body().idempotent()
        .requires(Feature::Watchlist).price(PER_SCORE).code(13);
    /// Lists the watchlist.
    WATCH_LIST = read("/api/v1/watchlist").function("watchlist").code(14)
        .params(&[BAND, WATCH_LIMIT, CURSOR]);
    /// Shows an entry of the watchlist.
    WATCH_READ = read("/api/v1/watchlist/{subject}").function("watchlist").code(14).params(&[WATCHED]);
    /// Changes what is reported about a company.
    WATCH_CHANGE = write(Method::Patch, "/api/v1/watchlist/{subject}").function("watchlist").body().code(13)
        .params(&[WATCHED]);
    /// Removes a company from the watchlist.
    WATCH_REMOVE = write(Method::Delete, "/api/v1/watchlist/{subject}").function("watchlist").code(13)
        .params(&[WATCHED]);
}
