use std::marker::PhantomData;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, TransactWriteItem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::StoreError;
use store::item::{Item, PrimaryKey, item, number, row};
use store::keys::{IndexPartition, WorkspaceKey};
use store::table::{Table, part};
use types::{AccountId, Product, Timestamp};

use crate::change::{AttributeChanges, expression};
use crate::index::{index_attributes, index_page};
use crate::{Workspace, watchers};

/// How often an addition starts over because what stood in its way went away.
const ATTEMPTS: usize = 3;

/// An entry of a product's watchlists, as stored: a serde type that knows whose it is and what it watches.
pub trait Watched: Serialize + DeserializeOwned {
    /// The product.
    const PRODUCT: Product;

    /// Its owner.
    fn account(&self) -> AccountId;

    /// What is watched, as text without spaces: a company's domain, a protocol's slug.
    fn subject(&self) -> &str;

    /// Its sort position in its owner's list.
    fn sort_position(&self) -> String {
        self.subject().to_owned()
    }
}

/// What became of an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added<W> {
    /// The entry is stored.
    Yes,
    /// The subject is on the watchlist, with this entry.
    Exists(Box<W>),
    /// The watchlist has as many entries as it may have.
    Full,
}

/// The watchlists of one product: one entry an account and subject, and for each subject the accounts that watch it.
#[derive(Clone, Debug)]
pub struct Watchlists<W> {
    pub(crate) table: Table,
    entries: PhantomData<fn() -> W>,
}

impl<W: Watched> Watchlists<W> {
    /// The watchlists in this workspace.
    pub fn new(workspace: &Workspace) -> Self {
        Self {
            table: workspace.table().clone(),
            entries: PhantomData,
        }
    }

    /// Puts a subject on its owner's watchlist of at most `limit` entries. `due` is when it is to be refreshed for the first
    /// time, if it is not watched yet; without it, a subject has no due time.
    pub async fn add(
        &self,
        entry: &W,
        limit: Option<u64>,
        due: Option<Timestamp>,
    ) -> Result<Added<W>, StoreError> {
        let (account, subject) = (entry.account(), entry.subject());
        for _ in 0..ATTEMPTS {
            let writes = self.addition(entry, limit, due)?;
            match self.table.transact(writes).await {
                Ok(()) => return Ok(Added::Yes),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
            if let Some(known) = self.entry(account, subject).await? {
                return Ok(Added::Exists(Box::new(known)));
            }
            let entries = self.count(account).await?;
            if limit.is_some_and(|limit| entries >= limit) {
                return Ok(Added::Full);
            }
        }
        let busy = "the watchlist changes while it is being added to";
        Err(StoreError::Throttled(busy.into()))
    }

    fn addition(
        &self,
        entry: &W,
        limit: Option<u64>,
        due: Option<Timestamp>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let (account, subject) = (entry.account(), entry.subject());
        let count = WorkspaceKey::WatchCount(account, W::PRODUCT);
        let watcher = WorkspaceKey::Watcher(W::PRODUCT, subject, account).into();
        Ok(vec![
            self.table.count_up(count, "entries", limit)?,
            self.table.creation(stored(entry)?)?,
            self.table.creation(PrimaryKey::into_item(watcher))?,
            part(watchers::joining(&self.table, W::PRODUCT, subject, due))?,
        ])
    }

    /// How many entries an account's watchlist has.
    pub async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        let key = WorkspaceKey::WatchCount(account, W::PRODUCT).into();
        let found = self.table.get(key, true).await?;
        let entries = found.and_then(|item| item.get("entries")?.as_n().ok()?.parse().ok());
        Ok(entries.unwrap_or(0))
    }

    /// An account's entry of a subject.
    pub async fn entry(&self, account: AccountId, subject: &str) -> Result<Option<W>, StoreError> {
        let key = WorkspaceKey::Watch(account, W::PRODUCT, subject).into();
        let found = self.table.get(key, true).await?;
        found.map(|item| row("watch entry", item)).transpose()
    }

    /// The entries that these accounts have of a subject, in no order. One that was just deleted is not among them.
    pub async fn entries(
        &self,
        subject: &str,
        accounts: &[AccountId],
    ) -> Result<Vec<W>, StoreError> {
        let keys = accounts
            .iter()
            .map(|account| WorkspaceKey::Watch(*account, W::PRODUCT, subject).into());
        let keys: Vec<PrimaryKey> = keys.collect();
        self.read(&keys).await
    }

    /// A page of at most `limit` entries of an account between two sort positions, both included, in order; and the position at
    /// which the page ends, if there may be another. A whole list is read with [`all_after`](store::keys::all_after).
    ///
    /// The index says which entries these are, a moment late; the entries themselves are as they are now. So an entry whose
    /// position just changed may be met twice, or not, by who turns pages.
    pub async fn page(
        &self,
        account: AccountId,
        between: (String, String),
        limit: usize,
    ) -> Result<(Vec<W>, Option<String>), StoreError> {
        let partition = IndexPartition::Ranking(W::PRODUCT, account);
        let (mut found, has_more) = index_page(&self.table, partition, between, limit).await?;
        let keys: Vec<PrimaryKey> = found.iter().map(|entry| entry.key.clone()).collect();
        let mut entries = self.read(&keys).await?;
        entries.sort_by_cached_key(W::sort_position);
        let last = found.pop().filter(|_| has_more);
        Ok((entries, last.map(|entry| entry.position)))
    }

    async fn read(&self, keys: &[PrimaryKey]) -> Result<Vec<W>, StoreError> {
        let found = self.table.batch_get(keys).await?;
        let items = found.into_values();
        items.map(|item| row("watch entry", item)).collect()
    }

    /// Changes attributes of an entry and returns it as it is then; none if there is no such entry. Not for what its sort
    /// position is made of.
    pub async fn change(
        &self,
        account: AccountId,
        subject: &str,
        changes: AttributeChanges,
    ) -> Result<Option<W>, StoreError> {
        let (expression, values) = expression(changes);
        let update = self
            .table
            .update(WorkspaceKey::Watch(account, W::PRODUCT, subject))
            .condition_expression("attribute_exists(pk)")
            .set_update_expression(expression)
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values(ReturnValue::AllNew);
        match update.send().await {
            Ok(output) => output
                .attributes
                .map(|item| row("watch entry", item))
                .transpose(),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
                _ => Err(error.into()),
            },
        }
    }

    /// Removes a subject from an account's watchlist. Returns whether it was on it.
    pub async fn remove(&self, account: AccountId, subject: &str) -> Result<bool, StoreError> {
        let entry = WorkspaceKey::Watch(account, W::PRODUCT, subject);
        let watcher = WorkspaceKey::Watcher(W::PRODUCT, subject, account);
        let count = self
            .table
            .change(WorkspaceKey::WatchCount(account, W::PRODUCT))
            .update_expression("ADD entries :minus")
            .expression_attribute_values(":minus", number(-1));
        let writes = vec![
            self.table.deletion(entry)?,
            self.table.deletion(watcher)?,
            part(count)?,
            part(watchers::leaving(&self.table, W::PRODUCT, subject))?,
        ];
        match self.table.transact(writes).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// An entry as an item, which is in its account's index partition.
fn stored<W: Watched>(entry: &W) -> Result<Item, StoreError> {
    let account = entry.account();
    let key = WorkspaceKey::Watch(account, W::PRODUCT, entry.subject()).into();
    let mut stored = item("watch entry", key, entry)?;
    let ranking = IndexPartition::Ranking(W::PRODUCT, account);
    stored.extend(index_attributes(ranking, entry.sort_position()));
    Ok(stored)
}
