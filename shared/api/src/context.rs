use std::sync::Arc;

use accounts::Accounts;
use auth::{Authenticator, Sessions};
use aws_types::SdkConfig;
use blob::Bucket;
use config::{ConfigError, Env};
use futures::future::try_join;
use idempotency::IdempotencyStore;
use quota::Quota;
use store::Dynamo;
use types::{Chain, Clock};
use workspace::Workspace;

use crate::users::Users;

/// What all calls of an instance share: authentication, quota and idempotency. One per instance; cloning shares it.
#[derive(Clone, Debug)]
pub struct ApiContext {
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) users: Arc<Users>,
    pub(crate) quota: Arc<Quota>,
    pub(crate) clock: Clock,
    pub(crate) upgrade_url: Option<Arc<str>>,
    pub(crate) idempotency: Option<IdempotencyStore>,
    accounts: Accounts,
}

impl ApiContext {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, the variables of [`Sessions::from_env`] and, if set, `UPGRADE_URL` (the
    /// link in errors that require a larger plan) and `WELCOME_UNVERIFIED` (whether users without a verified address get
    /// welcome credits). Makes no call.
    pub fn from_env(
        env: &Env,
        aws: &SdkConfig,
        dynamo: &Dynamo,
        clock: Clock,
    ) -> Result<Self, ConfigError> {
        let accounts = Accounts::new(dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(dynamo, env.required("WORKSPACE_TABLE")?, accounts.clone());
        let welcome_unverified = env.flag("WELCOME_UNVERIFIED")?;
        let sessions = Sessions::from_env(env, aws, clock.clone())?;
        Ok(Self {
            authenticator: Arc::new(Authenticator::new(accounts.clone())),
            users: Arc::new(Users::new(sessions, accounts.clone(), welcome_unverified)),
            quota: Arc::new(Quota::new(accounts.clone(), workspace, clock.clone())),
            clock,
            upgrade_url: env.optional("UPGRADE_URL").map(Arc::from),
            idempotency: None,
            accounts,
        })
    }

    /// The same context for a function with idempotent endpoints, whose large responses are stored in this bucket. A function
    /// that does not call this has no S3 client linked into it.
    #[must_use]
    pub fn with_idempotency(self, bucket: Bucket) -> Self {
        let bucket = Arc::new(bucket);
        let store = IdempotencyStore::new(self.accounts.clone(), bucket, self.clock.clone());
        Self {
            idempotency: Some(store),
            ..self
        }
    }

    /// Does at start what the first call would have to: connect, complete the TLS handshake, derive the day's signing key, page
    /// the code in. A start has a full vCPU, a call only the share that its memory size buys. If it fails, the first call
    /// tries again and can report the error.
    ///
    /// Twice in parallel, because a call makes two requests in parallel, each over its own connection.
    pub(crate) async fn warm_up(&self) {
        let warm_up = || self.authenticator.warm_up();
        if let Err(error) = try_join(warm_up(), warm_up()).await {
            tracing::warn!(error = %Chain(&error), "the accounts table could not be reached at start");
        }
    }

    /// The clock of this instance.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}
