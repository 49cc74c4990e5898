//! The deployed stack, over HTTP: what only shows when gateway, functions, stream, queues and bucket work together.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod bulk;
mod clients;
mod cors;
mod docs;
mod documentation;
mod gateway;
mod idempotency;
mod import;
mod insight;
mod leads;
mod operator;
mod portal;
mod profiles;
mod receivers;
mod reports;
mod score;
mod session;
mod signals;
mod watchlist;
mod webhook_tail;
mod webhooks;
