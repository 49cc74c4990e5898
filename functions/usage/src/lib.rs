#![doc = include_str!("../README.md")]

mod counters;
mod credits;
mod ledger;
mod period;
mod series;
mod stats;

use api::{ApiError, Gate, Params};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use config::Env;
use runtime::Failure;
use store::{Accounts, Dynamo, Workspace};
use types::{Clock, Product};

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    gate: Gate,
    accounts: Accounts,
}

impl App {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE` and, if set, `UPGRADE_URL`.
    pub fn from_env(env: &Env, dynamo: &Dynamo, clock: Clock) -> Result<Self, Failure> {
        let accounts = Accounts::new(dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(dynamo, env.required("WORKSPACE_TABLE")?, accounts.clone());
        Ok(Self {
            gate: Gate::new(
                accounts.clone(),
                workspace,
                clock,
                env.optional("UPGRADE_URL"),
            ),
            accounts,
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    let gate = app.gate.clone();
    let routes = Router::new()
        .route("/api/v1/usage", get(counters::read))
        .route("/api/v1/usage/stats", get(stats::read))
        .route("/api/v1/credits", get(credits::read))
        .route("/api/v1/credits/ledger", get(ledger::read))
        .with_state(app);
    api::serve(routes, gate)
}

/// The product that a call asks about, if it names one.
fn product(params: &Params) -> Result<Option<Product>, ApiError> {
    let named = params.optional("product").map(|name| {
        name.parse().map_err(|error: types::UnknownProduct| {
            ApiError::invalid("product", error.to_string()).reason("parameter_invalid")
        })
    });
    named.transpose()
}
