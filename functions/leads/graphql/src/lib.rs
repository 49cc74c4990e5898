//! The GraphQL API of leads.

mod account;
mod description;
mod query;
mod scalars;

use accounts::Accounts;
use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use config::Env;
use endpoints::leads::GRAPHQL;
use runtime::Failure;
use store::Dynamo;
use types::Clock;

use crate::query::{Schema, schema};
pub use description::operations;

/// What the endpoint works with.
#[derive(Clone, FromRef)]
pub struct App {
    context: ApiContext,
    schema: Schema,
}

impl App {
    /// From the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        Ok(Self {
            schema: schema(accounts, clock.clone()),
            context: ApiContext::from_env(env, aws, &dynamo, clock)?,
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new().on(&GRAPHQL, query::run).serve(app)
}
