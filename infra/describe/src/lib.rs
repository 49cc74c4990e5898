#![doc = include_str!("../README.md")]

pub mod pages;

use openapi::Operation;
use serde_json::Value;

/// What the description says before the operations.
const ABOUT: &str = include_str!("about.md");

/// The operations of all functions.
pub fn operations() -> Vec<Operation> {
    [
        score::operations(),
        bulk::operations(),
        ingest::operations(),
        insight::operations(),
        watchlist::operations(),
        graphql::operations(),
        lists::operations(),
        market::operations(),
        liquidity_watchlist::operations(),
        profiles::operations(),
        reports::operations(),
        clients::operations(),
        keys::operations(),
        usage::operations(),
        webhooks::operations(),
    ]
    .concat()
}

/// The description.
///
/// # Errors
/// Two schemas have one name.
pub fn document() -> Result<Value, String> {
    openapi::document(&operations(), webhooks::events, &pages::examples(), ABOUT)
}

/// The text of the description, as it is checked in.
///
/// # Errors
/// As [`document`].
pub fn text() -> Result<String, String> {
    Ok(format!("{:#}\n", document()?))
}
