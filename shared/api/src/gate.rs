use std::sync::Arc;

use auth::Authenticator;
use quota::Quota;
use store::{Accounts, Workspace};
use types::Clock;

/// What stands between a request and a handler: who calls, and what it may use. One per instance; cloning shares it.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) quota: Arc<Quota>,
    pub(crate) clock: Clock,
    pub(crate) upgrade_url: Option<Arc<str>>,
}

impl Gate {
    /// A gate on these tables. `upgrade_url` is where an answer that asks for a larger plan points to.
    pub fn new(
        accounts: Accounts,
        workspace: Workspace,
        clock: Clock,
        upgrade_url: Option<String>,
    ) -> Self {
        Self {
            authenticator: Arc::new(Authenticator::new(accounts.clone())),
            quota: Arc::new(Quota::new(accounts, workspace, clock.clone())),
            clock,
            upgrade_url: upgrade_url.map(Arc::from),
        }
    }

    /// The clock of this instance.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}
