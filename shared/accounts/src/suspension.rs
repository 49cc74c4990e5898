use std::collections::HashSet;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{Item, PrimaryKey};
use store::keys::{ACCOUNT_IDS, AccountsKey, SUSPENDED};
use store::table::part;
use types::{AccountId, Product, Timestamp};

use crate::spread::{ATTEMPTS, changing, on_every_item};
use crate::{Accounts, AuditEntry};

/// Since when and why an account is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Since when.
    pub since: Timestamp,
    /// Why, in the operator's words, which only the operator is shown.
    pub reason: String,
}

impl Accounts {
    /// The suspension of an account, if it is suspended. Strongly consistent.
    pub async fn suspension(&self, account: AccountId) -> Result<Option<Suspension>, StoreError> {
        let key = AccountsKey::Account(account).into();
        let found = self.0.get(key, true).await?;
        found.as_ref().map_or(Ok(None), read)
    }

    /// The accounts that are suspended. Strongly consistent.
    pub async fn suspended_accounts(&self) -> Result<HashSet<AccountId>, StoreError> {
        let items = self.0.query(SUSPENDED, ACCOUNT_IDS).await?;
        let keys = items.iter().filter_map(PrimaryKey::of);
        Ok(keys.filter_map(|key| key.suspended_account()).collect())
    }

    /// Suspends an account: once this returns, no call of it is admitted, by no meter and no shard, and no key is made.
    /// One transaction on all of them, with the audit log's entry. Returns false, and changes nothing, if it is suspended.
    /// [`StoreError::Conflict`] if there is no such account.
    pub async fn suspend(
        &self,
        account: AccountId,
        suspension: &Suspension,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let value = serde_dynamo::to_attribute_value(suspension)
            .map_err(|error| StoreError::malformed("suspension", error))?;
        let note = self
            .0
            .change(AccountsKey::Account(account))
            .update_expression("SET suspension = :suspension")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(suspension)")
            .expression_attribute_values(":suspension", value);
        let key = PrimaryKey::from(AccountsKey::Suspended(account));
        let others = vec![
            part(note)?,
            self.0.creation(key.into_item())?,
            self.audit_part(account, audit)?,
        ];
        self.set_suspended(account, true, others).await
    }

    /// Ends the suspension of an account: keys, counters and credits are as they were. Returns false, and changes nothing, if
    /// it is not suspended. [`StoreError::Conflict`] if there is no such account.
    pub async fn resume(&self, account: AccountId, audit: &AuditEntry) -> Result<bool, StoreError> {
        let note = self
            .0
            .change(AccountsKey::Account(account))
            .update_expression("REMOVE suspension")
            .condition_expression("attribute_exists(suspension)");
        let others = vec![
            part(note)?,
            self.0.deletion(AccountsKey::Suspended(account))?,
            self.audit_part(account, audit)?,
        ];
        self.set_suspended(account, false, others).await
    }

    /// Writes to every item of the account that admits calls whether it is suspended, in one transaction with `others`.
    /// Returns false if the account is so already.
    async fn set_suspended(
        &self,
        account: AccountId,
        suspended: bool,
        others: Vec<TransactWriteItem>,
    ) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let key = AccountsKey::Account(account).into();
            let found = self.0.get(key, true).await?.ok_or(StoreError::Conflict)?;
            if read(&found)?.is_some() == suspended {
                return Ok(false);
            }
            let mut writes = self.suspension_parts(account, suspended).await?;
            writes.extend(others.clone());
            match self.0.transact(writes).await {
                Ok(()) => return Ok(true),
                // A product or shards were opened or closed at this moment: look again.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(changing())
    }

    /// The parts for the meters and their shards: at most 17 for a product. A product that the account does not have is checked
    /// not to be there, so that none is missed that is opened meanwhile.
    async fn suspension_parts(
        &self,
        account: AccountId,
        suspended: bool,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let meters = self.own_meters(account).await?;
        let mut writes = Vec::new();
        for product in Product::ALL {
            let key = AccountsKey::Meter(account, product);
            let Some(meter) = meters.get(&product) else {
                writes.push(self.0.check(key, "attribute_not_exists(pk)")?);
                continue;
            };
            let change = self
                .0
                .change(key)
                .condition_expression("attribute_exists(pk)");
            let change = if suspended {
                change
                    .update_expression("SET suspended = :suspended")
                    .expression_attribute_values(":suspended", AttributeValue::Bool(true))
            } else {
                change.update_expression("REMOVE suspended")
            };
            writes.extend(on_every_item(account, product, meter.shape, &change)?);
        }
        Ok(writes)
    }
}

/// The suspension in the item of an account.
fn read(account: &Item) -> Result<Option<Suspension>, StoreError> {
    let value = account.get("suspension").cloned();
    let read = value.map(serde_dynamo::from_attribute_value);
    read.transpose()
        .map_err(|error| StoreError::malformed("suspension", error))
}
