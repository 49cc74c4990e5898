//! Bulk scoring: a CSV of companies in, a CSV of scores out.
//!
//! `POST /api/v1/score/bulk` validates and stores the file and reserves its credits; workers score it in chunks; the
//! worker that counts the last chunk writes the result and settles the credits. Every step may run twice or stop half way: see
//! docs/ARCHITECTURE.md.

mod answer;
mod app;
mod description;
mod finish;
mod jobs;
mod list;
mod objects;
mod part;
mod result_csv;
mod stored;
mod submit;
mod upload;
mod worker;

use api::Routes;
use axum::Router;
use endpoints::intent;

pub use app::{App, Jobs};
pub use description::operations;
pub use worker::{Attempt, Worker};

/// Rows of an uploaded file.
const MAX_ROWS: usize = 1_000;
/// Bytes of an uploaded file.
const MAX_BYTES: usize = 2_000_000;
/// Unfinished jobs per account.
const MAX_ACTIVE_JOBS: u64 = 3;
/// Days that a job and its files are available. The bucket's lifecycle rule in template.yaml is a day longer.
const RETENTION_DAYS: i64 = 7;

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&intent::BULK_SUBMIT, submit::submit)
        .on(&intent::BULK_LIST, list::list)
        .on(&intent::BULK_READ, jobs::read)
        .on(&intent::BULK_CANCEL, jobs::cancel)
        .serve(app)
}
