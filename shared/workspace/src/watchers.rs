use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use sha2::{Digest, Sha256};
use store::StoreError;
use store::item::{Item, PrimaryKey, number, text};
use store::keys::{IndexPartition, WATCHERS, WorkspaceKey, after_all, all_after, due_position};
use store::table::Table;
use types::{AccountId, Product, Timestamp, unique};

use crate::index::index_page;
use crate::{Watched, Watchlists};

/// Index partitions that subjects of a product wait in. One takes 1,000 writes a second, and two are needed to move an item;
/// eight are enough to move 4,000 subjects a second.
const DUE_PARTITIONS: u8 = 8;

/// A subject that was due to be refreshed when it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSubject {
    /// The subject.
    pub subject: String,
    /// Since when.
    pub since: Timestamp,
    position: String,
}

impl<W: Watched> Watchlists<W> {
    /// The accounts that watch a subject. Strongly consistent.
    pub async fn watchers(&self, subject: &str) -> Result<Vec<AccountId>, StoreError> {
        Ok(accounts(&self.watcher_items(subject).await?))
    }

    /// A page of at most `limit` accounts that watch a subject, in order, from after one on; and the last of them, if there may be
    /// more. Strongly consistent.
    pub async fn watchers_page(
        &self,
        subject: &str,
        after: Option<AccountId>,
        limit: usize,
    ) -> Result<(Vec<AccountId>, Option<AccountId>), StoreError> {
        let prefix = PrimaryKey {
            pk: WorkspaceKey::watched(W::PRODUCT, subject),
            sk: format!("{WATCHERS}#"),
        };
        let after = after.map(|account| WorkspaceKey::Watcher(W::PRODUCT, subject, account).into());
        let (items, has_more) = self.table.page_forward(&prefix, after, limit).await?;
        let found = accounts(&items);
        let next = found.last().copied().filter(|_| has_more);
        Ok((found, next))
    }

    /// The numbers of the index partitions that subjects wait in.
    pub fn due_partitions() -> impl Iterator<Item = u8> {
        0..DUE_PARTITIONS
    }

    /// At most `limit` subjects of a partition that are due at `now`, the longest waiting first, from after one on.
    /// A moment late, as an index is: one that was just refreshed may still be among them.
    pub async fn due(
        &self,
        partition: u8,
        after: Option<&DueSubject>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueSubject>, StoreError> {
        let (from, _) = all_after(after.map(|after| &*after.position));
        let until = after_all(&due_position(now, ""));
        let partition = IndexPartition::Due(W::PRODUCT, partition);
        let (found, _) = index_page(&self.table, partition, (from, until), limit).await?;
        let subjects = found.into_iter().filter_map(|entry| {
            let (since, _) = entry.position.split_once('#')?;
            Some(DueSubject {
                subject: entry.key.watched_subject(W::PRODUCT)?.to_owned(),
                since: since.parse().ok()?,
                position: entry.position,
            })
        });
        Ok(subjects.collect())
    }

    async fn watcher_items(&self, subject: &str) -> Result<Vec<Item>, StoreError> {
        let partition = WorkspaceKey::watched(W::PRODUCT, subject);
        self.table.query(&partition, WATCHERS).await
    }

    /// Moves a subject that was found due to its next due time, and returns it as it is then. [`StoreError::Conflict`] if
    /// another run has, or it is no longer watched. The item says which call moved it, so a call that is sent again after a lost
    /// response does not take itself for another.
    pub async fn set_due(&self, due: &DueSubject, at: Timestamp) -> Result<DueSubject, StoreError> {
        let partition = due_partition(W::PRODUCT, &due.subject);
        let position = due_position(at, &due.subject);
        self.table
            .update(WorkspaceKey::Watchers(W::PRODUCT, &due.subject))
            .update_expression("SET index_pk = :partition, index_sk = :position, moved_by = :call")
            .condition_expression("index_sk = :seen OR moved_by = :call")
            .expression_attribute_values(":call", text(unique(at)))
            .expression_attribute_values(":partition", text(partition.to_string()))
            .expression_attribute_values(":position", text(&position))
            .expression_attribute_values(":seen", text(&due.position))
            .send()
            .await?;
        Ok(DueSubject {
            subject: due.subject.clone(),
            since: at,
            position,
        })
    }

    /// Deletes a subject that is no longer watched. [`StoreError::Conflict`] if it is watched by now.
    pub async fn forget_unwatched(&self, subject: &str) -> Result<(), StoreError> {
        let key = PrimaryKey::from(WorkspaceKey::Watchers(W::PRODUCT, subject));
        self.table
            .client()
            .delete_item()
            .table_name(self.table.name())
            .set_key(Some(key.into_item()))
            .condition_expression("watchers <= :none")
            .expression_attribute_values(":none", number(0))
            .send()
            .await?;
        Ok(())
    }
}

fn accounts(watchers: &[Item]) -> Vec<AccountId> {
    let keys = watchers.iter().filter_map(PrimaryKey::of);
    keys.filter_map(|key| key.watcher()).collect()
}

/// One watcher more, which makes the subject due at `due` if it waits in no partition. Without a time it waits in none.
pub(crate) fn joining(
    table: &Table,
    product: Product,
    subject: &str,
    due: Option<Timestamp>,
) -> UpdateBuilder {
    let count = table
        .change(WorkspaceKey::Watchers(product, subject))
        .expression_attribute_values(":one", number(1));
    let Some(due) = due else {
        return count.update_expression("ADD watchers :one");
    };
    let partition = due_partition(product, subject);
    count
        .update_expression(
            "SET index_pk = if_not_exists(index_pk, :partition), \
             index_sk = if_not_exists(index_sk, :position) ADD watchers :one",
        )
        .expression_attribute_values(":partition", text(partition.to_string()))
        .expression_attribute_values(":position", text(due_position(due, subject)))
}

/// One watcher less. After the last, the next refresh finds none and deletes the subject; without refreshes, the count stays
/// at zero.
pub(crate) fn leaving(table: &Table, product: Product, subject: &str) -> UpdateBuilder {
    table
        .change(WorkspaceKey::Watchers(product, subject))
        .update_expression("ADD watchers :minus")
        .expression_attribute_values(":minus", number(-1))
}

/// The partition that a subject waits in, always the same.
fn due_partition(product: Product, subject: &str) -> IndexPartition {
    let hash = Sha256::digest(subject);
    let number = hash.first().copied().unwrap_or(0) % DUE_PARTITIONS;
    IndexPartition::Due(product, number)
}
