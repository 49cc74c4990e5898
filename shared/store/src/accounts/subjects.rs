use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{AccountId, KeyId, Product, Timestamp};

use super::meter_writes::meter_item;
use super::{Accounts, AuditEntry, NewGrant, NewMeter};
use crate::StoreError;
use crate::keys::AccountsKey;
use crate::table::{PrimaryKey, item, row, text};

/// The SHA-256 of an identity provider and one of its users, in hex: who it is stays with the provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubjectHash(String);

impl SubjectHash {
    /// The hash of a token's `iss` and `sub`.
    pub fn of(issuer: &str, subject: &str) -> Self {
        // No URL has a | in it, so no two pairs give one text.
        Self(hex::encode(Sha256::digest(format!("{issuer}|{subject}"))))
    }

    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which account a user of the identity provider owns. The row never changes, so an instance may remember it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRow {
    /// The account.
    pub account: AccountId,
    /// The key that the meters count the account's sessions as. It has no secret.
    pub key: KeyId,
    /// When the user came for the first time.
    pub created_at: Timestamp,
}

/// An account to open for a user.
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

    /// Opens a user's account with its products, all in one transaction.
    /// [`StoreError::Conflict`] if the user has an account by now.
    pub async fn open_account(
        &self,
        user: &SubjectHash,
        subject: SubjectRow,
        new: &NewAccount<'_>,
    ) -> Result<(), StoreError> {
        let SubjectRow { account, key, .. } = subject;
        let mut account_item = PrimaryKey::from(AccountsKey::Account(account)).into_item();
        account_item.insert("name".to_owned(), text(new.name));
        let subject_item = item("subject", AccountsKey::Subject(user).into(), &subject)?;
        let mut writes = vec![
            self.0.creation(subject_item)?,
            self.0.creation(account_item)?,
            self.audit_part(account, &new.audit)?,
        ];
        for open in new.products {
            let mut meter = meter_item(account, open.product, &open.meter);
            meter.insert("session".to_owned(), text(key.suffix()));
            if let Some(welcome) = &open.welcome {
                let given = (&mut meter, welcome);
                let parts = self.first_grant(account, open.product, given, subject.created_at)?;
                writes.extend(parts);
            }
            writes.push(self.0.creation(meter)?);
        }
        self.0.transact(writes).await
    }
}
