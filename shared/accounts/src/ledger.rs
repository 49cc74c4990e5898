use aws_sdk_dynamodb::types::TransactWriteItem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{PrimaryKey, item, row};
use store::keys::AccountsKey;
use types::{AccountId, Credits, GrantId, Product, Timestamp, unique};

use crate::Accounts;

/// One entry of the credit ledger. The ledger is append-only; a reference is written at most once.
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
    /// A note for the reader of a statement.
    pub note: String,
}

/// What a ledger entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
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
    /// What was left of a grant that expired.
    Expire,
    /// Given back by hand for something that went wrong.
    Refund,
    /// A correction by hand.
    Adjust,
}

impl EntryKind {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Reserve => "reserve",
            Self::Settle => "settle",
            Self::Void => "void",
            Self::Spend => "spend",
            Self::Expire => "expire",
            Self::Refund => "refund",
            Self::Adjust => "adjust",
        }
    }
}

impl Entry {
    /// The change of the balance.
    pub const fn amount(&self) -> Credits {
        Credits::from_tenths(self.tenths)
    }

    /// What was left of a grant that has ended.
    pub(crate) fn expired(grant: GrantId, amount: Credits, now: Timestamp) -> Self {
        Self {
            reference: format!("{}-expire", unique(now)),
            kind: EntryKind::Expire,
            tenths: -amount.tenths(),
            at: now,
            note: format!("{grant} ended"),
        }
    }

    /// The grant that was added, or that expired.
    pub fn grant(&self) -> Option<GrantId> {
        match self.kind {
            EntryKind::Grant => GrantId::from_suffix(self.reference.strip_suffix("-grant")?).ok(),
            EntryKind::Expire => self.note.strip_suffix(" ended")?.parse().ok(),
            EntryKind::Reserve
            | EntryKind::Settle
            | EntryKind::Void
            | EntryKind::Spend
            | EntryKind::Refund
            | EntryKind::Adjust => None,
        }
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

    /// A page of at most `limit` entries of a product's ledger, the newest reference first, from before a reference on;
    /// and the reference before which the next page begins, if there may be one.
    pub async fn ledger_page(
        &self,
        account: AccountId,
        product: Product,
        before: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<String>), StoreError> {
        let prefix: PrimaryKey = AccountsKey::Ledger(account, product, "").into();
        let before = before.map(|before| AccountsKey::Ledger(account, product, before).into());
        let (items, has_more) = self.0.page_back(&prefix, before, limit).await?;
        let entries: Vec<Entry> = items
            .into_iter()
            .map(|item| row("ledger entry", item))
            .collect::<Result<_, _>>()?;
        let next = entries.last().filter(|_| has_more);
        let next = next.map(|entry| entry.reference.clone());
        Ok((entries, next))
    }

    /// The part of a transaction that appends `entry`, once.
    pub fn append(
        &self,
        account: AccountId,
        product: Product,
        entry: &Entry,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = AccountsKey::Ledger(account, product, &entry.reference).into();
        self.0.creation(item("ledger entry", key, entry)?)
    }
}
