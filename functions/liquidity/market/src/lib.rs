//! The market of liquidity: protocols, their scores now and in the past, and what follows from them.

mod answer;
mod backtest;
mod description;
mod export;
mod listing;
mod market;
mod methodology;
mod portfolio;
mod protocol;
mod score;

use accounts::Accounts;
use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use config::Env;
use endpoints::liquidity;
use liquidity_store::{Protocols, ScoringProfiles, scoring_profiles};
use runtime::Failure;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

use crate::listing::Listing;

pub use description::operations;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    protocols: Protocols,
    listing: Listing,
    profiles: ScoringProfiles,
}

impl App {
    /// From `INTEL_TABLE`, `WORKSPACE_TABLE` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let protocols = Protocols::new(&dynamo, env.required("INTEL_TABLE")?);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        Ok(Self {
            context: ApiContext::from_env(env, aws, &dynamo, clock)?,
            listing: Listing::new(protocols.clone()),
            profiles: scoring_profiles(&workspace),
            protocols,
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&liquidity::PROTOCOL_LIST, protocol::list)
        .on(&liquidity::PROTOCOL_READ, protocol::read)
        .on(&liquidity::PROTOCOL_EVENTS, protocol::events)
        .on(&liquidity::SCORE_LIST, score::list)
        .on(&liquidity::SCORE_READ, score::read)
        .on(&liquidity::SCORE_HISTORY, score::history)
        .on(&liquidity::SCORE_EXPLAIN, score::explain)
        .on(&liquidity::MARKET, market::overview)
        .on(&liquidity::METHODOLOGY, methodology::read)
        .on(&liquidity::EXPORT, export::export)
        .on(&liquidity::BACKTEST, backtest::read)
        .on(&liquidity::PORTFOLIO, portfolio::report)
        .serve(app)
}
