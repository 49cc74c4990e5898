//! Bulk scoring: a CSV of companies in, a CSV of scores out.
//!
//! `POST /api/v1/score/bulk` checks and stores the file and sets its credits aside; workers score it in chunks; whoever
//! counts the last chunk writes the result and settles. Any step may run twice or end half way: see docs/ARCHITECTURE.md.

mod answer;
mod app;
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
pub use worker::{Attempt, Worker};

/// Rows that a file may have.
const MOST_ROWS: usize = 1_000;
/// Bytes that a file may have.
const MOST_BYTES: usize = 2_000_000;
/// Jobs that an account may have unfinished.
const MOST_ACTIVE: u64 = 3;
/// Days that a job and its files are kept. The bucket's lifecycle rule in template.yaml is a day longer.
const KEPT_DAYS: i64 = 7;

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&intent::BULK_SUBMIT, submit::submit)
        .on(&intent::BULK_LIST, list::list)
        .on(&intent::BULK_READ, jobs::read)
        .on(&intent::BULK_CANCEL, jobs::cancel)
        .serve(app)
}
