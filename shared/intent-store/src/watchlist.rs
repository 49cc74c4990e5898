use std::ops::RangeInclusive;

use aws_sdk_dynamodb::types::TransactWriteItem;
use store::StoreError;
use types::{AccountId, Domain, Timestamp};

use crate::{IntentWorkspace, WatchEntry};
use store::keys::{Line, WorkspaceKey, behind, behind_all, rank};
use store::table::{Item, PrimaryKey, item, number, part, row};
use workspace::standing;

/// How often an addition starts over because what stood in its way went away.
const ATTEMPTS: usize = 3;

/// What became of an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// The entry is stored.
    Yes,
    /// The company is on the watchlist, with this entry.
    Exists(Box<WatchEntry>),
    /// The watchlist has as many entries as it may have.
    Full,
}

/// Where a page of a watchlist ended: everything behind it has a lower score, or an equal one and a later name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The last entry's score when it took its place.
    pub score: u8,
    /// The last entry's company.
    pub domain: String,
}

impl IntentWorkspace {
    /// Puts a company on an account's watchlist of at most `limit` entries. It becomes due with those who watch it
    /// already, or at `due` if nobody does.
    pub async fn add_watch(
        &self,
        entry: &WatchEntry,
        limit: Option<u64>,
        due: Timestamp,
    ) -> Result<Added, StoreError> {
        let WatchEntry {
            account, domain, ..
        } = entry;
        for _ in 0..ATTEMPTS {
            let writes = self.addition(entry, limit, due)?;
            match self.table().transact(writes).await {
                Ok(()) => return Ok(Added::Yes),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
            if let Some(known) = self.watch(*account, domain).await? {
                return Ok(Added::Exists(Box::new(known)));
            }
            let entries = self.watch_count(*account).await?;
            if limit.is_some_and(|limit| entries >= limit) {
                return Ok(Added::Full);
            }
        }
        let busy = "the watchlist changes while it is being added to";
        Err(StoreError::Throttled(busy.into()))
    }

    fn addition(
        &self,
        entry: &WatchEntry,
        limit: Option<u64>,
        due: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let WatchEntry {
            account, domain, ..
        } = entry;
        let count = self
            .table()
            .change(WorkspaceKey::Watchlist(*account))
            .update_expression("ADD entries :one")
            .expression_attribute_values(":one", number(1));
        let count = match limit {
            None => count,
            Some(limit) => count
                .condition_expression(
                    "(attribute_not_exists(entries) AND :limit > :none) OR entries < :limit",
                )
                .expression_attribute_values(":none", number(0))
                .expression_attribute_values(":limit", number(limit)),
        };
        let watcher = WorkspaceKey::Watcher(domain, *account).into();
        Ok(vec![
            part(count)?,
            self.table().creation(stored(entry)?)?,
            self.table().creation(PrimaryKey::into_item(watcher))?,
            part(self.joining(domain, due))?,
        ])
    }

    /// How many entries an account's watchlist has.
    pub async fn watch_count(&self, account: AccountId) -> Result<u64, StoreError> {
        let key = WorkspaceKey::Watchlist(account).into();
        let found = self.table().get(key, true).await?;
        let entries = found.and_then(|item| item.get("entries")?.as_n().ok()?.parse().ok());
        Ok(entries.unwrap_or(0))
    }

    /// An account's entry of a company.
    pub async fn watch(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<Option<WatchEntry>, StoreError> {
        let key = WorkspaceKey::Watch(account, domain).into();
        let found = self.table().get(key, true).await?;
        found.map(|item| row("watch entry", item)).transpose()
    }

    /// A page of at most `limit` entries with a score in `scores`, the highest first, from behind a rank on; and the rank
    /// at which the page ends, if there may be another.
    ///
    /// The index tells which entries these are, a moment late; the entries themselves are as they are now. So an entry that
    /// just changed its score may be met twice, or not, by who turns pages.
    pub async fn watchlist(
        &self,
        account: AccountId,
        scores: RangeInclusive<u8>,
        after: Option<&Rank>,
        limit: usize,
    ) -> Result<(Vec<WatchEntry>, Option<Rank>), StoreError> {
        let first = rank(*scores.end(), "");
        // Never from before the first score that is asked for.
        let from = after.map_or_else(String::new, |after| {
            behind(&rank(after.score, &after.domain))
        });
        let until = behind_all(&rank(*scores.start(), ""));
        let ranking = Line::Ranking(account);
        let (places, has_more) = self.0.line(ranking, first.max(from), until, limit).await?;
        let keys: Vec<PrimaryKey> = places.iter().map(|place| place.key.clone()).collect();
        let found = self.table().batch_get(&keys).await?;
        let mut entries: Vec<WatchEntry> = found
            .into_values()
            .map(|item| row("watch entry", item))
            .collect::<Result<_, _>>()?;
        entries.retain(|entry| scores.contains(&entry.score));
        entries.sort_by_cached_key(|entry| rank(entry.score, entry.domain.as_str()));
        let last = places.last().filter(|_| has_more);
        Ok((entries, last.and_then(|last| Rank::of(&last.place))))
    }

    /// Takes a company off an account's watchlist. Answers whether it was on it.
    pub async fn remove_watch(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<bool, StoreError> {
        let entry = WorkspaceKey::Watch(account, domain);
        let watcher = WorkspaceKey::Watcher(domain, account);
        let count = self
            .table()
            .change(WorkspaceKey::Watchlist(account))
            .update_expression("ADD entries :minus")
            .expression_attribute_values(":minus", number(-1));
        let writes = vec![
            self.table().deletion(entry)?,
            self.table().deletion(watcher)?,
            part(count)?,
            part(self.leaving(domain))?,
        ];
        match self.table().transact(writes).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Rank {
    /// The rank that an item has at its place in a ranking.
    fn of(place: &str) -> Option<Self> {
        let (below, domain) = place.split_once('#')?;
        let below: u8 = below.parse().ok()?;
        Some(Self {
            score: 100_u8.checked_sub(below)?,
            domain: domain.to_owned(),
        })
    }
}

/// An entry as an item, which stands in its account's ranking.
fn stored(entry: &WatchEntry) -> Result<Item, StoreError> {
    let key = WorkspaceKey::Watch(entry.account, &entry.domain).into();
    let mut stored = item("watch entry", key, entry)?;
    stored.extend(standing(
        Line::Ranking(entry.account),
        rank(entry.score, entry.domain.as_str()),
    ));
    Ok(stored)
}
