#![doc = include_str!("../README.md")]

mod description;
mod explain;
mod form;
mod history;
mod preview;
mod profiles;

use std::sync::Arc;

use accounts::Accounts;
use api::{ApiContext, Routes};
use aws_types::SdkConfig;
use axum::Router;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use endpoints::intent;
use intent_store::{Intel, IntentWorkspace};
use runtime::Failure;
use scores::Scores;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

pub use description::operations;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    context: ApiContext,
    scores: Scores,
    workspace: IntentWorkspace,
}

impl App {
    /// From `INTEL_TABLE`, `BUCKET` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            scores: Scores::new(Intel::new(&dynamo, env.required("INTEL_TABLE")?)),
            workspace: IntentWorkspace::new(Workspace::new(
                &dynamo,
                env.required("WORKSPACE_TABLE")?,
                accounts,
            )),
        })
    }
}

/// The routes.
pub fn router(app: App) -> Router {
    Routes::new()
        .on(&intent::HISTORY, history::read)
        .on(&intent::EXPLAIN, explain::read)
        .on(&intent::PREVIEW_STORED, preview::stored)
        .on(&intent::PREVIEW_GIVEN, preview::given)
        .on(&intent::PROFILE_LIST, profiles::list)
        .on(&intent::PROFILE_CREATE, profiles::create)
        .on(&intent::PROFILE_READ, profiles::read)
        .on(&intent::PROFILE_REPLACE, profiles::replace)
        .on(&intent::PROFILE_DELETE, profiles::remove)
        .serve(app)
}
