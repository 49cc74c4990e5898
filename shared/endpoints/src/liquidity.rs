//! `liquidity`: liquidity scores of tokenised real-world assets.

use types::{Feature, Product, Scope};

use crate::{Access, CURSOR, Endpoint, Method, Param};

/// Entries of the watchlist a page.
pub const WATCH_LIMIT: Param = Param::number("limit", 500, 1..=500, "Entries a page.");

const SLUG: Param = Param::path("slug", "ondo-usdy", "The protocol's slug.");
/// Protocols of this category only.
pub const CATEGORY: Param = Param::words(
    "category",
    &[
        "treasury",
        "private_credit",
        "real_estate",
        "commodity",
        "infrastructure",
    ],
    "Protocols of this category only.",
);
/// Protocols in this tier only.
pub const TIER: Param = Param::words(
    "tier",
    &["L1", "L2", "L3", "ILLIQUID"],
    "Protocols in this liquidity tier only.",
);
/// The least score of a listed protocol.
pub const MIN_SCORE: Param = Param::number(
    "min_score",
    0,
    0..=100,
    "Protocols with at least this score only; 0 is any, also none.",
);
/// The least AUM of a listed protocol, US dollars.
pub const MIN_AUM: Param = Param::number(
    "min_aum",
    0,
    0..=1_000_000_000_000_000,
    "Protocols with at least this AUM in US dollars only; 0 is any, also one that is not known.",
);
/// Protocols a page.
pub const LIMIT: Param = Param::number("limit", 20, 1..=100, "Protocols a page.");
/// Protocols to skip.
pub const OFFSET: Param = Param::number("offset", 0, 0..=1_000, "Protocols to skip.");
/// Points of a history.
pub const POINTS: Param = Param::number("limit", 30, 1..=365, "The most points, the newest first.");
/// The buckets of a history.
pub const INTERVAL: Param = Param::words(
    "interval",
    &["day", "week", "month"],
    "One point a `day` (the default), `week` or `month` of UTC: the last one in it.",
);
/// The scoring profile of a score.
pub const PROFILE: Param = Param::text(
    "profile",
    "profile_01k9xw3tkbc2v6m8p4h0r5zqde",
    "Score by this scoring profile: its `id`, or `default`. Left out, it is the standard methodology.",
);
/// A moment of the past.
pub const AT: Param = Param::text(
    "at",
    "2026-11-20T09:30:00Z",
    "The moment, as a timestamp or a UTC day. A day without a time is its end.",
)
.required();
/// Events a page.
pub const EVENTS_LIMIT: Param = Param::number("limit", 50, 1..=200, "Events a page.");
/// The format of an export.
pub const FORMAT: Param = Param::words(
    "format",
    &["json", "csv"],
    "`json` (the default) or `csv`, which is safe to open in a spreadsheet.",
);
/// Days of a backtest.
pub const DAYS_BACK: Param = Param::number("days_back", 90, 7..=365, "UTC days to look back.");
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

/// Reports a page.
pub const REPORTS_LIMIT: Param = Param::number("limit", 20, 1..=100, "Reports a page.");
/// The secret of a link.
pub const TOKEN: Param = Param::text(
    "token",
    "3f1c0a9d5b7e2486f0d1c2b3a495867768594a3b2c1d0e0f6482e7b5d9a0c1f3",
    "The secret of the link.",
)
.required();
const REPORT_ID: Param = Param::path(
    "report_id",
    "report_01k9xw3tkbc2v6m8p4h0r5zqde",
    "The report's `reportId`.",
);

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint::new(method, path, Some(Product::Liquidity))
}

const fn read(path: &'static str) -> Endpoint {
    endpoint(Method::Get, path).key(Scope::Read)
}

/// An endpoint of what changes once a day.
const fn daily(path: &'static str) -> Endpoint {
    read(path).function("market").revalidates()
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

/// An endpoint of reports, for a signed-in user whose plan includes them.
const fn report(method: Method, path: &'static str) -> Endpoint {
    endpoint(method, path)
        .access(Access::Session)
        .function("reports")
        .requires(Feature::Reports)
}

endpoints! {
    /// Lists the protocols, the highest score first.
    PROTOCOL_LIST = daily("/api/v1/protocols").code(1)
        .params(&[CATEGORY, TIER, MIN_SCORE, MIN_AUM, LIMIT, OFFSET]);
    /// Shows a protocol.
    PROTOCOL_READ = daily("/api/v1/protocols/{slug}").code(1).params(&[SLUG]);
    /// Lists what has happened to a protocol, the newest first.
    PROTOCOL_EVENTS = daily("/api/v1/protocols/{slug}/events").code(1)
        .params(&[SLUG, EVENTS_LIMIT, CURSOR]);
    /// Lists the scores of all protocols.
    SCORE_LIST = daily("/api/v1/scores").code(4);
    /// Shows the score of a protocol, and what it consists of.
    SCORE_READ = daily("/api/v1/scores/{slug}").code(4).params(&[SLUG, PROFILE]);
    /// Shows the scores of a protocol over time.
    SCORE_HISTORY = daily("/api/v1/scores/{slug}/history").requires(Feature::History).code(5)
        .params(&[SLUG, POINTS, INTERVAL]);
    /// Shows the score of a protocol at a time in the past, from what was known then.
    SCORE_EXPLAIN = daily("/api/v1/scores/{slug}/explain").requires(Feature::History).code(5)
        .params(&[SLUG, AT]);
    /// Shows the market as a whole.
    MARKET = daily("/api/v1/market").code(6);
    /// Shows how scores are made.
    METHODOLOGY = daily("/api/v1/methodology").code(6);
    /// Exports all protocols with their scores.
    EXPORT = daily("/api/v1/export").requires(Feature::Export).code(7)
        .params(&[FORMAT, CATEGORY, TIER]);
    /// Shows what came after the scores of the past.
    BACKTEST = daily("/api/v1/backtest").requires(Feature::History).code(8).params(&[DAYS_BACK]);
    /// Shows what a portfolio of protocols would take to sell.
    PORTFOLIO = endpoint(Method::Post, "/api/v1/portfolio/liquidity").key(Scope::Read).function("market").body()
        .code(9);

    /// Adds a protocol to the watchlist.
    WATCH_ADD = write(Method::Post, "/api/v1/watchlist").function("watchlist").body().idempotent()
        .requires(Feature::Watchlist).code(2);
    /// Lists the watchlist.
    WATCH_LIST = read("/api/v1/watchlist").function("watchlist").code(3).params(&[WATCH_LIMIT, CURSOR]);
    /// Shows an entry of the watchlist.
    WATCH_READ = read("/api/v1/watchlist/{subject}").function("watchlist").code(3).params(&[WATCHED]);
    /// Changes what is reported about a protocol.
    WATCH_CHANGE = write(Method::Patch, "/api/v1/watchlist/{subject}").function("watchlist").body().code(2)
        .params(&[WATCHED]);
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

    /// Makes a report on a protocol as PDF.
    REPORT_GENERATE = report(Method::Post, "/api/reports/generate").body().idempotent().code(10);
    /// Lists the reports, the newest first.
    REPORT_LIST = report(Method::Get, "/api/reports").code(11).params(&[REPORTS_LIMIT, CURSOR]);
    /// Shows a report, with a new link to its file.
    REPORT_READ = report(Method::Get, "/api/reports/{report_id}").code(11).params(&[REPORT_ID]);
    /// Downloads a report, by the link that a response had.
    REPORT_FILE = Endpoint::new(Method::Get, "/api/reports/{report_id}/file", None).access(Access::Link)
        .function("reports").params(&[REPORT_ID, TOKEN]);
}
