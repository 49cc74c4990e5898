use aws_sdk_dynamodb::types::TransactWriteItem;
use store::StoreError;
use store::item::{Item, number, text};
use store::keys::WorkspaceKey;
use store::table::part;
use types::{AccountId, Domain, Product, Timestamp};
use workspace::{DueSubject, Event, Watched, Watchlists};

use crate::{IntentWorkspace, WatchEntry};

/// A company whose score was due when it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCompany {
    /// The company.
    pub domain: Domain,
    /// Since when.
    pub since: Timestamp,
    due: DueSubject,
}

const REFRESH: &str = "SET score = :score, confidence = :confidence, scored_at = :at, previous = :previous, \
                       reported_score = :reported, index_sk = :position";
const UNCHANGED: &str = "scored_at = :seen";

impl IntentWorkspace {
    /// The numbers of the index partitions that watched companies wait in.
    pub fn due_partitions() -> impl Iterator<Item = u8> {
        Watchlists::<WatchEntry>::due_partitions()
    }

    /// At most `limit` companies of a partition that are due at `now`, the longest waiting first, from after one on.
    /// A moment late, as an index is: one that was just refreshed may still be among them.
    pub async fn due_companies(
        &self,
        partition: u8,
        after: Option<&DueCompany>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueCompany>, StoreError> {
        let after = after.map(|after| &after.due);
        let found = self.watchlists.due(partition, after, now, limit).await?;
        let companies = found.into_iter().filter_map(|due| {
            Some(DueCompany {
                domain: Domain::parse(&due.subject).ok()?,
                since: due.since,
                due,
            })
        });
        Ok(companies.collect())
    }

    /// Who watches a company. Strongly consistent.
    pub async fn watchers(&self, domain: &Domain) -> Result<Vec<AccountId>, StoreError> {
        self.watchlists.watchers(domain.as_str()).await
    }

    /// The entries that these accounts have of a company, in no order. One that was just deleted is not among them.
    pub async fn watch_entries(
        &self,
        domain: &Domain,
        accounts: &[AccountId],
    ) -> Result<Vec<WatchEntry>, StoreError> {
        self.watchlists.entries(domain.as_str(), accounts).await
    }

    /// Gives an entry the score in `after` and stores the events that follow from it, all or nothing.
    /// [`StoreError::Conflict`] if the entry no longer has the score in `seen`, or is gone.
    pub async fn refresh_watch(
        &self,
        seen: &WatchEntry,
        after: &WatchEntry,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let key = WorkspaceKey::Watch(seen.account, Product::Intent, seen.domain.as_str());
        let values = refreshed(seen, after)?;
        let table = self.table();
        if events.is_empty() {
            let update = table
                .update(key)
                .update_expression(REFRESH)
                .condition_expression(UNCHANGED)
                .set_expression_attribute_values(Some(values));
            update.send().await?;
            return Ok(());
        }
        let update = table
            .change(key)
            .update_expression(REFRESH)
            .condition_expression(UNCHANGED)
            .set_expression_attribute_values(Some(values));
        let mut writes: Vec<TransactWriteItem> = vec![part(update)?];
        for event in events {
            // An earlier write of the same event stored the same.
            writes.push(table.replacement(event.stored(seen.account)?)?);
        }
        table.transact(writes).await
    }

    /// Moves a company that was found due to its next due time, and returns it as it is then. [`StoreError::Conflict`] if
    /// another run has, or it is no longer watched.
    pub async fn set_due(
        &self,
        company: &DueCompany,
        at: Timestamp,
    ) -> Result<DueCompany, StoreError> {
        let due = self.watchlists.set_due(&company.due, at).await?;
        Ok(DueCompany {
            domain: company.domain.clone(),
            since: due.since,
            due,
        })
    }

    /// Deletes a company that is no longer watched. [`StoreError::Conflict`] if it is watched by now.
    pub async fn forget_unwatched(&self, domain: &Domain) -> Result<(), StoreError> {
        self.watchlists.forget_unwatched(domain.as_str()).await
    }
}

/// The values of [`REFRESH`] and [`UNCHANGED`].
fn refreshed(seen: &WatchEntry, after: &WatchEntry) -> Result<Item, StoreError> {
    let previous = serde_dynamo::to_attribute_value(after.previous)
        .map_err(|error| StoreError::malformed("watch entry", error))?;
    let values = [
        (":seen", text(seen.scored_at.to_string())),
        (":score", number(after.score)),
        (":confidence", text(after.confidence.as_str())),
        (":at", text(after.scored_at.to_string())),
        (":previous", previous),
        (":reported", number(after.reported_score)),
        (":position", text(after.sort_position())),
    ];
    let values = values.into_iter();
    Ok(values
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}
