use std::sync::Arc;

use accounts::Accounts;
use api::ApiContext;
use aws_types::SdkConfig;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use intent_store::{Intel, IntentWorkspace};
use runtime::Failure;
use scores::Scores;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    pub(crate) context: ApiContext,
    pub(crate) workspace: IntentWorkspace,
    pub(crate) scores: Scores,
    /// Seconds until the first refresh of a company that no account watched before.
    pub(crate) period: i64,
}

impl App {
    /// From `INTEL_TABLE`, `BUCKET`, `REFRESH_SECONDS` if set, and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        Ok(Self {
            context: context.with_idempotency(Bucket::new(aws.clone(), env.required("BUCKET")?)),
            workspace: IntentWorkspace::new(Workspace::new(
                &dynamo,
                env.required("WORKSPACE_TABLE")?,
                accounts,
            )),
            scores: Scores::new(Intel::new(&dynamo, env.required("INTEL_TABLE")?)),
            period: crate::period(env)?,
        })
    }
}
