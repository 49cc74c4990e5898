#![doc = include_str!("../README.md")]

mod counters;
mod credits;
mod description;
mod ledger;
mod period;
mod series;
mod stats;

use accounts::Accounts;
use api::{ApiContext, ApiError, Params, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use config::Env;
use endpoints::account;
use runtime::Failure;
use store::Dynamo;
use types::{Clock, Product};

pub use description::operations;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    accounts: Accounts,
}

impl App {
    /// From the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        Ok(Self {
            context: ApiContext::from_env(env, aws, &dynamo, clock)?,
            accounts: Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&account::USAGE, counters::read)
        .on(&account::USAGE_STATS, stats::read)
        .on(&account::CREDITS, credits::read)
        .on(&account::CREDITS_LEDGER, ledger::read)
        .serve(app)
}

/// The value of the parameter `product`, if given.
fn product(params: &Params) -> Result<Option<Product>, ApiError> {
    params.word(&account::PRODUCT, &Product::ALL, Product::as_str)
}
