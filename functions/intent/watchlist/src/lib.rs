//! Watchlists: companies whose scores are refreshed now and then, and what is told of their changes.
//!
//! The path belongs to two products, and the credential's decides what is watched: companies with intent. Each account
//! owns its entries; a company is scored once for all who watch it, by the refresher. See docs/ARCHITECTURE.md.

mod add;
mod answer;
mod app;
mod entry;
mod form;
mod list;
mod refresh;
mod refresher;

use api::Permission;
use auth::Scope;
use axum::Router;
use axum::routing::get;
use config::Env;
use runtime::Failure;
use types::Product;

pub use app::App;
pub use refresher::{Order, Refresher, Report};

const READ: Permission = Permission::of(Product::Intent, Scope::Read);
const WRITE: Permission = Permission::of(Product::Intent, Scope::Write);

/// Seconds between two scores of a watched company, from `REFRESH_SECONDS`; if it is not set, a quarter of a day.
fn period(env: &Env) -> Result<i64, Failure> {
    let period = env.number("REFRESH_SECONDS")?.map(i64::try_from);
    Ok(period.transpose()?.unwrap_or(6 * 3_600))
}

/// The routes.
pub fn router(app: App) -> Router {
    let gate = app.gate.clone();
    let one = get(entry::read).patch(entry::change).delete(entry::remove);
    let routes = Router::new()
        .route("/api/v1/watchlist", get(list::list).post(add::add))
        .route("/api/v1/watchlist/{subject}", one)
        .with_state(app);
    api::serve(routes, gate)
}
