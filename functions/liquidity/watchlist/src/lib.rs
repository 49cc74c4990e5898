//! Watchlists of protocols, and what those who watch are told. The path is shared with intent's watchlists of companies, so the binary
//! that serves it is in `functions/platform/shared-paths`.

mod add;
mod answer;
mod description;
mod entry;
mod fan_out;
mod list;
mod told;

use api::{ApiContext, ApiError, Routes};
use axum::Router;
use axum::extract::FromRef;
use config::Env;
use endpoints::liquidity;
use liquidity_store::{ProtocolWatch, Protocols};
use runtime::Failure;
use store::Dynamo;
use workspace::{Watchlists, Workspace};

pub use description::operations;
pub use fan_out::FanOut;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    protocols: Protocols,
    watchlists: Watchlists<ProtocolWatch>,
}

impl App {
    /// From `INTEL_TABLE`.
    pub fn new(
        context: ApiContext,
        env: &Env,
        dynamo: &Dynamo,
        workspace: &Workspace,
    ) -> Result<Self, Failure> {
        Ok(Self {
            context,
            protocols: Protocols::new(dynamo, env.required("INTEL_TABLE")?),
            watchlists: Watchlists::new(workspace),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&liquidity::WATCH_ADD, add::add)
        .on(&liquidity::WATCH_LIST, list::list)
        .on(&liquidity::WATCH_READ, entry::read)
        .on(&liquidity::WATCH_CHANGE, entry::change)
        .on(&liquidity::WATCH_REMOVE, entry::remove)
        .serve(app)
}

fn unknown_protocol() -> ApiError {
    ApiError::not_found("protocol")
}
