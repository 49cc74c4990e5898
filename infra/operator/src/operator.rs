use std::sync::Arc;

use accounts::{Accounts, Actor};
use auth::{ChangedBy, Keyring};
use blob::Bucket;
use config::Env;
use liquidity_store::Protocols;
use queue::Queue;
use quota::Plan;
use runtime::Failure;
use store::{Dynamo, StoreError};
use types::{Clock, Product};
use workspace::Workspace;

use crate::aws;

/// The deployment that the environment names. A command reads only the variables that it uses.
pub(crate) struct Operator {
    env: Env,
    aws: Arc<aws_types::SdkConfig>,
    pub(crate) clock: Clock,
}

impl Operator {
    /// Resolves region and credentials; everything else is read when a command needs it.
    pub(crate) async fn new(env: Env, clock: Clock) -> Result<Self, Failure> {
        let aws = aws::config(&env).await?;
        Ok(Self { env, aws, clock })
    }

    /// The table `ACCOUNTS_TABLE`.
    pub(crate) fn accounts(&self) -> Result<Accounts, Failure> {
        let table = self.variable("ACCOUNTS_TABLE")?;
        Ok(Accounts::new(&Dynamo::new(&self.aws), table))
    }

    /// The table `WORKSPACE_TABLE`.
    pub(crate) fn workspace(&self) -> Result<Workspace, Failure> {
        let table = self.variable("WORKSPACE_TABLE")?;
        let dynamo = Dynamo::new(&self.aws);
        Ok(Workspace::new(&dynamo, table, self.accounts()?))
    }

    /// The bucket `BUCKET`.
    pub(crate) fn bucket(&self) -> Result<Bucket, Failure> {
        Ok(Bucket::new(self.aws.clone(), self.variable("BUCKET")?))
    }

    /// The protocols of `INTEL_TABLE`.
    pub(crate) fn protocols(&self) -> Result<Protocols, Failure> {
        let table = self.variable("INTEL_TABLE")?;
        Ok(Protocols::new(&Dynamo::new(&self.aws), table))
    }

    /// The queue whose URL a variable holds.
    pub(crate) fn queue(&self, variable: &'static str) -> Result<Queue, Failure> {
        Ok(Queue::new(&self.aws, self.variable(variable)?))
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

    fn variable(&self, name: &'static str) -> Result<String, Failure> {
        self.env.required(name).map_err(|error| {
            let advice = "the value is in the stack's outputs, see infra/operator/README.md";
            format!("{error}; {advice}").into()
        })
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
