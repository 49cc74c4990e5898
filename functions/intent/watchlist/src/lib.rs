//! Watchlists of companies: their scores are refreshed at intervals, and changes are reported as events.
//!
//! The path is shared with liquidity's watchlists, so the binary that serves it is in `functions/platform/shared-paths`. Each
//! account owns its entries; a company is scored once for all who watch it, by the refresher. See
//! docs/design/watchlists.md.

mod add;
mod answer;
mod app;
mod description;
mod entry;
mod form;
mod list;
mod refresh;
mod refresher;

use api::Routes;
use axum::Router;
use config::Env;
use endpoints::intent;
use runtime::Failure;

pub use app::App;
pub use description::operations;
pub use refresher::{Order, Refresher, Report};

/// Seconds between two scores of a watched company, from `REFRESH_SECONDS`; six hours by default.
fn period(env: &Env) -> Result<i64, Failure> {
    let period = env.number("REFRESH_SECONDS")?.map(i64::try_from);
    Ok(period.transpose()?.unwrap_or(6 * 3_600))
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&intent::WATCH_ADD, add::add)
        .on(&intent::WATCH_LIST, list::list)
        .on(&intent::WATCH_READ, entry::read)
        .on(&intent::WATCH_CHANGE, entry::change)
        .on(&intent::WATCH_REMOVE, entry::remove)
        .serve(app)
}
