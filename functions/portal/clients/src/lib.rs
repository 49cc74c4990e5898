//! The clients of a portal: whoever an account sends messages to the customers of.

mod answer;
mod create;
mod description;
mod form;
mod list;
mod read;

use std::sync::Arc;

use accounts::Accounts;
use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use endpoints::portal;
use portal_store::Clients;
use runtime::Failure;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

pub use description::operations;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    clients: Clients,
}

impl App {
    /// From `BUCKET` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(&dynamo, env.required("WORKSPACE_TABLE")?, accounts);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            clients: Clients::new(workspace),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&portal::CLIENT_CREATE, create::create)
        .on(&portal::CLIENT_LIST, list::list)
        .on(&portal::CLIENT_READ, read::read)
        .serve(app)
}
