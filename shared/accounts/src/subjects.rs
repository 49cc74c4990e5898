use std::ops::Not;

use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};
use store::item::{Item, PrimaryKey, item, row, text};
use store::keys::AccountsKey;
use store::{AddressHash, StoreError, SubjectHash};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::meter_writes::meter_item;
use crate::{Accounts, AuditEntry, NewGrant, NewMeter};

/// Which account a user of the identity provider owns. An instance may remember the row: it only changes once, when the
/// welcome credits are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRow {
    /// The account.
    pub account: AccountId,
    /// The key that the meters count the account's sessions as. It has no secret.
    pub key: KeyId,
    /// When the user came for the first time.
    pub created_at: Timestamp,
    /// Whether the welcome credits are still to be given.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub welcome_due: bool,
}

/// An account to open.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// What the operator sees as its name.
    pub name: &'a str,
    /// Its products.
    pub products: &'a [NewProduct<'a>],
    /// What the audit log says of it.
    pub audit: AuditEntry,
}

/// A product of a new account.
#[derive(Clone, Debug)]
pub struct NewProduct<'a> {
    /// The product.
    pub product: Product,
    /// Its plan.
    pub meter: NewMeter<'a>,
    /// Credits to begin with.
    pub welcome: Option<NewGrant>,
}

impl Accounts {
    /// The account of a user, if there is one.
    pub async fn find_subject(&self, user: &SubjectHash) -> Result<Option<SubjectRow>, StoreError> {
        let found = self.0.get(AccountsKey::Subject(user).into(), true).await?;
        found.map(|item| row("subject", item)).transpose()
    }

    /// Opens a user's account with its products, all in one transaction. `welcomed` is the address whose owner gets the
    /// welcome credits among them, once.
    /// [`StoreError::Conflict`] if the user has an account by now, or the owner of the address had the credits.
    pub async fn open_account(
        &self,
        user: &SubjectHash,
        subject: SubjectRow,
        welcomed: Option<&AddressHash>,
        new: &NewAccount<'_>,
    ) -> Result<(), StoreError> {
        let subject_item = item("subject", AccountsKey::Subject(user).into(), &subject)?;
        let mut writes = vec![self.0.creation(subject_item)?];
        writes.extend(self.account_parts(subject.account, Some(subject.key), new)?);
        if let Some(address) = welcomed {
            writes.push(self.welcomed_part(address, subject.account)?);
        }
        self.0.transact(writes).await
    }

    /// Opens an account that has no user, with its products, all in one transaction. [`StoreError::Conflict`] if there is one.
    pub async fn create_account(
        &self,
        account: AccountId,
        new: &NewAccount<'_>,
    ) -> Result<(), StoreError> {
        self.0
            .transact(self.account_parts(account, None, new)?)
            .await
    }

    /// The name of an account, if there is one.
    pub async fn account_name(&self, account: AccountId) -> Result<Option<String>, StoreError> {
        let found = self
            .0
            .get(AccountsKey::Account(account).into(), true)
            .await?;
        let name = |item: Item| item.get("name")?.as_s().ok().cloned();
        found
            .map(|item| name(item).ok_or_else(|| StoreError::malformed("account", "no name")))
            .transpose()
    }

    fn account_parts(
        &self,
        account: AccountId,
        session: Option<KeyId>,
        new: &NewAccount<'_>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut account_item = PrimaryKey::from(AccountsKey::Account(account)).into_item();
        account_item.insert("name".to_owned(), text(new.name));
        let mut writes = vec![
            self.0.creation(account_item)?,
            self.audit_part(account, &new.audit)?,
        ];
        for open in new.products {
            let mut meter = meter_item(account, open.product, &open.meter);
            if let Some(session) = session {
                meter.insert("session".to_owned(), text(session.suffix()));
            }
            if let Some(welcome) = &open.welcome {
                let given = (&mut meter, welcome);
                let parts = self.first_grant(account, open.product, given, new.audit.at)?;
                writes.extend(parts);
            }
            writes.extend(self.meter_parts(account, open.product, meter)?);
        }
        Ok(writes)
    }
}
