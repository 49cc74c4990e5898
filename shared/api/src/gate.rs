use std::sync::Arc;

use auth::Authenticator;
use blob::Bucket;
use idempotency::Once;
use quota::Quota;
use store::Accounts;
use types::Clock;

/// What stands between a request and a handler: who calls, and what it may use. One per instance; cloning shares it.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) quota: Arc<Quota>,
    pub(crate) clock: Clock,
    pub(crate) upgrade_url: Option<Arc<str>>,
    pub(crate) once: Option<Once>,
    accounts: Accounts,
}

impl Gate {
    /// A gate on this accounts table. `upgrade_url` is where an answer that asks for a larger plan points to.
    pub fn new(accounts: Accounts, clock: Clock, upgrade_url: Option<String>) -> Self {
        Self {
            authenticator: Arc::new(Authenticator::new(accounts.clone())),
            quota: Arc::new(Quota::new(accounts.clone(), clock.clone())),
            clock,
            upgrade_url: upgrade_url.map(Arc::from),
            once: None,
            accounts,
        }
    }

    /// The same gate for a function with calls that are done once ([`crate::Permitted::once`]), whose large answers are kept in
    /// this bucket.
    #[must_use]
    pub fn keeping_answers(self, bucket: Bucket) -> Self {
        let once = Once::new(self.accounts.clone(), bucket, self.clock.clone());
        Self {
            once: Some(once),
            ..self
        }
    }

    /// The clock of this instance.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}
