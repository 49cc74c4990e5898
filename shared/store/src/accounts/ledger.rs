use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};
use types::{AccountId, Credits, Product, Timestamp};

use super::Accounts;
use crate::StoreError;
use crate::keys::AccountsKey;
use crate::table::{PrimaryKey, item, row};

/// One line of the credit ledger. The ledger is append-only; a reference is written at most once.
///
/// At every moment the sum of the amounts, less the spend of days that are not closed, is the meter's balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is for, unique in the account and product. It begins with a time-sorted id.
    pub reference: String,
    /// What happened.
    pub kind: EntryKind,
    /// The change of the balance, in tenths.
    pub tenths: i64,
    /// When it happened.
    pub at: Timestamp,
    /// A word to the reader of a statement.
    pub note: String,
}

/// What a ledger entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Credits were given or bought.
    Grant,
    /// Credits were set aside for a job.
    Reserve,
    /// A job's delivered part was charged against its reservation; the balance does not change.
    Settle,
    /// The rest of a reservation came back.
    Void,
    /// One closed day of single calls.
    Spend,
}

impl Entry {
    /// The change of the balance.
    pub const fn amount(&self) -> Credits {
        Credits::from_tenths(self.tenths)
    }
}

impl Accounts {
    /// Every entry of a product's ledger, oldest reference first.
    pub async fn ledger(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Vec<Entry>, StoreError> {
        let prefix: PrimaryKey = AccountsKey::Ledger(account, product, "").into();
        let items = self.0.query(&prefix.pk, &prefix.sk).await?;
        items
            .into_iter()
            .map(|item| row("ledger entry", item))
            .collect()
    }

    /// The part of a transaction that appends `entry`, once.
    pub(crate) fn append(
        &self,
        account: AccountId,
        product: Product,
        entry: &Entry,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = AccountsKey::Ledger(account, product, &entry.reference).into();
        self.0.creation(item("ledger entry", key, entry)?)
    }
}
