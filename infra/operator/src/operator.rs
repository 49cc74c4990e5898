use std::sync::Arc;

use accounts::{Accounts, Actor};
use auth::{ChangedBy, Keyring};
use blob::Bucket;
use config::Env;
use queue::Queue;
use quota::Plan;
use runtime::Failure;
use store::{Dynamo, StoreError};
use types::{Clock, Product};
use workspace::Workspace;

use crate::aws;

/// What the commands work on: one deployment, named by the environment. A command needs only the variables that it uses.
pub(crate) struct Operator {
    env: Env,
    aws: Arc<aws_types::SdkConfig>,
    pub(crate) clock: Clock,
}

impl Operator {
    /// On what the environment names.
    pub(crate) async fn new(env: Env, clock: Clock) -> Result<Self, Failure> {
        let aws = aws::config(&env).await?;
        Ok(Self { env, aws, clock })
    }

    /// The accounts of `ACCOUNTS_TABLE`.
    pub(crate) fn accounts(&self) -> Result<Accounts, Failure> {
        let table = self.variable("ACCOUNTS_TABLE")?;
        Ok(Accounts::new(&Dynamo::new(&self.aws), table))
    }

    /// The jobs of `WORKSPACE_TABLE`.
    pub(crate) fn workspace(&self) -> Result<Workspace, Failure> {
        let table = self.variable("WORKSPACE_TABLE")?;
        let dynamo = Dynamo::new(&self.aws);
        Ok(Workspace::new(&dynamo, table, self.accounts()?))
    }

    /// The bucket of `BUCKET`.
    pub(crate) fn bucket(&self) -> Result<Bucket, Failure> {
        Ok(Bucket::new(self.aws.clone(), self.variable("BUCKET")?))
    }

    /// The queue whose URL is in this variable.
    pub(crate) fn queue(&self, variable: &'static str) -> Result<Queue, Failure> {
        Ok(Queue::new(&self.aws, self.variable(variable)?))
    }

    /// Issues and ends keys, as the API does.
    pub(crate) fn keyring(&self) -> Result<Keyring, Failure> {
        Ok(Keyring::new(self.accounts()?, Plan::rotation_days))
    }

    /// Who the audit log names.
    pub(crate) fn by(&self) -> ChangedBy {
        ChangedBy {
            actor: Actor::Operator,
            now: self.clock.now(),
            request: None,
        }
    }

    fn variable(&self, name: &'static str) -> Result<String, Failure> {
        self.env.required(name).map_err(|error| {
            let advice = "the stack's outputs have the names, see infra/operator/README.md";
            format!("{error}; {advice}").into()
        })
    }
}

/// Says what a refused condition means here, and leaves every other error as it is.
pub(crate) fn refused_means(error: StoreError, meaning: String) -> Failure {
    match error {
        StoreError::Conflict => meaning.into(),
        error => error.into(),
    }
}

/// What to do where an account does not have a product.
pub(crate) fn no_product(account: types::AccountId, product: Product) -> String {
    format!(
        "{account} does not have {product}; open it with: assay account set-plan {account} {product} PLAN"
    )
}
