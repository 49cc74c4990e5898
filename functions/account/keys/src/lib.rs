//! API keys in the hands of their owner: issued, listed, rotated, revoked; ended where they leak; and the log of it all.

mod answer;
mod audit;
mod form;
mod leaked;
mod manage;
mod reporters;

use std::sync::Arc;

use accounts::Accounts;
use api::Gate;
use auth::Keyring;
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use axum::routing::{delete, get, post};
use blob::Bucket;
use config::Env;
use quota::Plan;
use runtime::Failure;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

use crate::reporters::Reporters;

/// What the endpoints work with.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    gate: Gate,
    accounts: Accounts,
    workspace: Workspace,
    keyring: Keyring,
    reporters: Reporters,
}

impl App {
    /// From `BUCKET`, `WORKSPACE_TABLE`, `LEAK_PUBLIC_KEYS` if set, and the variables of [`Gate::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = env.required("WORKSPACE_TABLE")?;
        let gate = Gate::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            gate: gate.keeping_answers(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            keyring: Keyring::new(accounts.clone(), Plan::rotation_days),
            workspace: Workspace::new(&dynamo, workspace, accounts.clone()),
            reporters: Reporters::from_env(env)?,
            accounts,
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    let gate = app.gate.clone();
    let routes = Router::new()
        .route("/api/v1/user/keys", post(manage::create).get(manage::list))
        .route("/api/v1/user/keys/rotate", post(manage::rotate))
        .route("/api/v1/user/keys/{key_id}", delete(manage::revoke))
        .route("/api/v1/keys/leaked", post(leaked::report))
        .route("/api/v1/audit", get(audit::list))
        .with_state(app);
    api::serve(routes, gate)
}
