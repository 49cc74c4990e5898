use std::sync::Arc;

use auth::{Authenticator, Sessions};
use aws_types::SdkConfig;
use config::{ConfigError, Env};
use quota::Quota;
use store::Accounts;
use types::Clock;

use crate::users::Users;

/// What stands between a request and a handler: who calls, and what it may use. One per instance; cloning shares it.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) users: Arc<Users>,
    pub(crate) quota: Arc<Quota>,
    pub(crate) clock: Clock,
    pub(crate) upgrade_url: Option<Arc<str>>,
}

impl Gate {
    /// A gate on this accounts table, from the variables of [`Sessions::from_env`] and, if set, `UPGRADE_URL`: where an answer
    /// that asks for a larger plan points to.
    pub fn from_env(
        env: &Env,
        aws: &SdkConfig,
        accounts: Accounts,
        clock: Clock,
    ) -> Result<Self, ConfigError> {
        let sessions = Sessions::from_env(env, aws)?;
        Ok(Self {
            authenticator: Arc::new(Authenticator::new(accounts.clone())),
            users: Arc::new(Users::new(sessions, accounts.clone())),
            quota: Arc::new(Quota::new(accounts, clock.clone())),
            clock,
            upgrade_url: env.optional("UPGRADE_URL").map(Arc::from),
        })
    }

    /// The clock of this instance.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}
