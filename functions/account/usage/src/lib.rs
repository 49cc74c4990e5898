#![doc = include_str!("../README.md")]

mod counters;
mod credits;
mod ledger;
mod period;
mod series;
mod stats;

use accounts::Accounts;
use api::{ApiError, Gate, Params};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use config::Env;
use runtime::Failure;
use store::Dynamo;
use types::{Clock, Product};

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    gate: Gate,
    accounts: Accounts,
}

impl App {
    /// From the variables of [`Gate::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        Ok(Self {
            gate: Gate::from_env(env, aws, &dynamo, clock)?,
            accounts: Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?),
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
