//! Self-service API keys: issue, list, rotate and revoke; reports of leaked keys; the audit log.

mod answer;
mod audit;
mod description;
mod form;
mod leaked;
mod manage;
mod reporters;

use std::sync::Arc;

use accounts::Accounts;
use api::{ApiContext, Routes};
use auth::Keyring;
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use endpoints::account;
use quota::Plan;
use runtime::Failure;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

use crate::reporters::Reporters;
pub use description::operations;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    accounts: Accounts,
    workspace: Workspace,
    keyring: Keyring,
    reporters: Reporters,
}

impl App {
    /// From `BUCKET`, `WORKSPACE_TABLE`, `LEAK_PUBLIC_KEYS` if set, and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = env.required("WORKSPACE_TABLE")?;
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            keyring: Keyring::new(accounts.clone(), Plan::rotation_days),
            workspace: Workspace::new(&dynamo, workspace, accounts.clone()),
            reporters: Reporters::from_env(env)?,
            accounts,
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&account::KEY_ISSUE, manage::create)
        .on(&account::KEY_LIST, manage::list)
        .on(&account::KEY_ROTATE, manage::rotate)
        .on(&account::KEY_REVOKE, manage::revoke)
        .on(&account::KEYS_LEAKED, leaked::report)
        .on(&account::AUDIT, audit::list)
        .serve(app)
}
