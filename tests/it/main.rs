//! Behaviour through the real routers and workers, on real DynamoDB, S3 and SQS calls. Folders mirror the URL tree.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::large_futures,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails"
)]

mod admission;
mod audit;
mod connections;
mod costs;
mod credits;
mod docs;
mod faults;
mod idempotency;
mod import;
mod insight;
mod invariants;
mod keys;
mod layers;
mod leads;
mod liquidity;
mod lost_responses;
mod memory;
mod openapi;
mod operator;
mod portal;
mod scenarios;
mod score;
mod score_bulk;
mod session;
mod shards;
mod signals;
mod suspension;
mod sweep;
mod unadmitted;
mod usage;
mod watchlist;
mod webhooks;
