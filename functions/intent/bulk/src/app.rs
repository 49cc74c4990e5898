use std::sync::Arc;

use accounts::Accounts;
use api::ApiContext;
use aws_types::SdkConfig;
use axum::extract::FromRef;
use blob::Bucket;
use config::Env;
use runtime::Failure;
use store::Dynamo;
use types::Clock;
use workspace::Workspace;

/// State of the handlers.
#[derive(Clone, Debug, FromRef)]
pub struct App {
    pub(crate) context: ApiContext,
    pub(crate) jobs: Jobs,
}

/// Storage of jobs: rows in the workspace table, files in the bucket.
#[derive(Clone, Debug)]
pub struct Jobs {
    pub(crate) workspace: Workspace,
    pub(crate) bucket: Bucket,
}

impl App {
    /// From `BUCKET` and the variables of [`ApiContext::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let jobs = Jobs::from_env(env, aws, &dynamo)?;
        let context = ApiContext::from_env(env, aws, &dynamo, clock)?;
        Ok(Self {
            context: context.with_idempotency(jobs.bucket.clone()),
            jobs,
        })
    }
}

impl Jobs {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE` and `BUCKET`.
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, dynamo: &Dynamo) -> Result<Self, Failure> {
        let accounts = Accounts::new(dynamo, env.required("ACCOUNTS_TABLE")?);
        Ok(Self {
            workspace: Workspace::new(dynamo, env.required("WORKSPACE_TABLE")?, accounts),
            bucket: Bucket::new(aws.clone(), env.required("BUCKET")?),
        })
    }
}
