//! The prospect lists of leads, by REST.

mod description;
mod whoami;

use accounts::Accounts;
use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use config::Env;
use endpoints::leads;
use runtime::Failure;
use store::Dynamo;
use types::Clock;

pub use description::operations;

/// What the endpoints work with.
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
    Routes::new().on(&leads::WHOAMI, whoami::read).serve(app)
}
