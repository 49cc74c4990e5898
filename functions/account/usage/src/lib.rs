#![doc = include_str!("../README.md")]

mod counters;
mod credits;
mod description;
mod ledger;
mod period;
mod reports;
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
use workspace::{Reports, Workspace};

pub use description::operations;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    accounts: Accounts,
    reports: Reports,
}

impl App {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let table = env.required("WORKSPACE_TABLE")?;
        let workspace = Workspace::new(&dynamo, table, accounts.clone());
        Ok(Self {
            context: ApiContext::from_env(env, aws, &dynamo, clock)?,
            accounts,
            reports: Reports::new(&workspace),
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
