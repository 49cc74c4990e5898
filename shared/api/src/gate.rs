use std::sync::Arc;

use accounts::Accounts;
use auth::{Authenticator, Sessions};
use aws_types::SdkConfig;
use blob::Bucket;
use config::{ConfigError, Env};
use futures::future::try_join;
use idempotency::Once;
use quota::Quota;
use store::Dynamo;
use types::{Chain, Clock};
use workspace::Workspace;

use crate::users::Users;

/// What stands between a request and a handler: who calls, and what it may use. One per instance; cloning shares it.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) users: Arc<Users>,
    pub(crate) quota: Arc<Quota>,
    pub(crate) clock: Clock,
    pub(crate) upgrade_url: Option<Arc<str>>,
    pub(crate) once: Option<Once>,
    accounts: Accounts,
}

impl Gate {
    /// From `ACCOUNTS_TABLE`, `WORKSPACE_TABLE`, the variables of [`Sessions::from_env`] and, if set, `UPGRADE_URL`: where an
    /// answer that asks for a larger plan points to. Makes no call.
    pub fn from_env(
        env: &Env,
        aws: &SdkConfig,
        dynamo: &Dynamo,
        clock: Clock,
    ) -> Result<Self, ConfigError> {
        let accounts = Accounts::new(dynamo, env.required("ACCOUNTS_TABLE")?);
        let workspace = Workspace::new(dynamo, env.required("WORKSPACE_TABLE")?, accounts.clone());
        let sessions = Sessions::from_env(env, aws)?;
        Ok(Self {
            authenticator: Arc::new(Authenticator::new(accounts.clone())),
            users: Arc::new(Users::new(sessions, accounts.clone())),
            quota: Arc::new(Quota::new(accounts.clone(), workspace, clock.clone())),
            clock,
            upgrade_url: env.optional("UPGRADE_URL").map(Arc::from),
            once: None,
            accounts,
        })
    }

    /// The same gate for a function with calls that are done once ([`crate::Permitted::once`], [`crate::Session::once`]), whose
    /// large answers are kept in this bucket. A function that does not ask for it has no S3 client linked into it.
    #[must_use]
    pub fn keeping_answers(self, bucket: Bucket) -> Self {
        let once = Once::new(self.accounts.clone(), Arc::new(bucket), self.clock.clone());
        Self {
            once: Some(once),
            ..self
        }
    }

    /// Does ahead of the first call what it would do only once: connect, shake hands, derive the day's signing key, load
    /// the code on the way. A start has a whole processor, a call only the share that its memory buys. Whatever fails
    /// is left to the first call, which can tell its caller.
    ///
    /// Twice at once, because a call asks two things at once, each over a connection of its own.
    pub(crate) async fn warm_up(&self) {
        let reach = || self.authenticator.warm_up();
        if let Err(error) = try_join(reach(), reach()).await {
            tracing::warn!(error = %Chain(&error), "the start did not reach the keys");
        }
    }

    /// The clock of this instance.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}
