use accounts::{Accounts, Actor};
use auth::{ChangedBy, Keyring};
use blob::Bucket;
use liquidity_store::Protocols;
use queue::Queue;
use quota::Plan;
use runtime::Failure;
use store::{Dynamo, StoreError};
use types::{Clock, Product};
use workspace::Workspace;

use crate::deployment::Deployment;

/// The stores and queues of a deployment.
pub(crate) struct Operator {
    deployment: Deployment,
    pub(crate) clock: Clock,
}

impl Operator {
    pub(crate) const fn new(deployment: Deployment, clock: Clock) -> Self {
        Self { deployment, clock }
    }

    /// The table `ACCOUNTS_TABLE`.
    pub(crate) fn accounts(&self) -> Result<Accounts, Failure> {
        let table = self.deployment.name("ACCOUNTS_TABLE")?;
        Ok(Accounts::new(&Dynamo::new(&self.deployment.aws), table))
    }

    /// The table `WORKSPACE_TABLE`.
    pub(crate) fn workspace(&self) -> Result<Workspace, Failure> {
        let table = self.deployment.name("WORKSPACE_TABLE")?;
        let dynamo = Dynamo::new(&self.deployment.aws);
        Ok(Workspace::new(&dynamo, table, self.accounts()?))
    }

    /// The bucket `BUCKET`.
    pub(crate) fn bucket(&self) -> Result<Bucket, Failure> {
        Ok(Bucket::new(
            self.deployment.aws.clone(),
            self.deployment.name("BUCKET")?,
        ))
    }

    /// The protocols of `INTEL_TABLE`.
    pub(crate) fn protocols(&self) -> Result<Protocols, Failure> {
        let table = self.deployment.name("INTEL_TABLE")?;
        Ok(Protocols::new(&Dynamo::new(&self.deployment.aws), table))
    }

    /// The queue whose URL a variable holds.
    pub(crate) fn queue(&self, variable: &'static str) -> Result<Queue, Failure> {
        Ok(Queue::new(
            &self.deployment.aws,
            self.deployment.name(variable)?,
        ))
    }

    /// Issues and revokes keys by the same code as the API.
    pub(crate) fn keyring(&self) -> Result<Keyring, Failure> {
        Ok(Keyring::new(self.accounts()?, Plan::rotation_days))
    }

    /// The actor and time of audit log entries.
    pub(crate) fn by(&self) -> ChangedBy {
        ChangedBy {
            actor: Actor::Operator,
            now: self.clock.now(),
            request: None,
        }
    }
}

/// Replaces a failed condition by `message`; other errors stay as they are.
pub(crate) fn explain_conflict(error: StoreError, message: String) -> Failure {
    match error {
        StoreError::Conflict => message.into(),
        error => error.into(),
    }
}

/// The error for an account that does not exist.
pub(crate) fn no_account(account: types::AccountId) -> String {
    format!("account {account} does not exist; list accounts with: assay account list")
}

/// The error for an account without a product, with the remedy.
pub(crate) fn no_product(account: types::AccountId, product: Product) -> String {
    format!(
        "{account} does not have {product}; add it with: assay account set-plan {account} {product} PLAN"
    )
}
