use std::ops::RangeInclusive;

use store::StoreError;
use store::keys::{after_all, just_after, score_position};
use types::{AccountId, Domain, Timestamp};

use crate::{IntentWorkspace, WatchChange, WatchEntry};

/// What became of an addition to a watchlist.
pub type Added = workspace::Added<WatchEntry>;

/// Where a page of a watchlist ended: everything after it has a lower score, or an equal one and a later name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The last entry's score, as the index has it.
    pub score: u8,
    /// The last entry's company.
    pub domain: String,
}

impl IntentWorkspace {
    /// Puts a company on an account's watchlist of at most `limit` entries. It becomes due with those who watch it
    /// already, or at `due` if it is not watched yet.
    pub async fn add_watch(
        &self,
        entry: &WatchEntry,
        limit: Option<u64>,
        due: Timestamp,
    ) -> Result<Added, StoreError> {
        self.watchlists.add(entry, limit, Some(due)).await
    }

    /// How many entries an account's watchlist has.
    pub async fn watch_count(&self, account: AccountId) -> Result<u64, StoreError> {
        self.watchlists.count(account).await
    }

    /// An account's entry of a company.
    pub async fn watch(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<Option<WatchEntry>, StoreError> {
        self.watchlists.entry(account, domain.as_str()).await
    }

    /// A page of at most `limit` entries with a score in `scores`, the highest first, from after a rank on; and the rank at
    /// which the page ends, if there may be another. The index is a moment late: see
    /// [`Watchlists::page`](workspace::Watchlists::page).
    pub async fn watchlist(
        &self,
        account: AccountId,
        scores: RangeInclusive<u8>,
        after: Option<&Rank>,
        limit: usize,
    ) -> Result<(Vec<WatchEntry>, Option<Rank>), StoreError> {
        let first = score_position(*scores.end(), "");
        // Never from before the first score that is asked for.
        let from = after.map_or_else(String::new, |after| {
            just_after(&score_position(after.score, &after.domain))
        });
        let between = (
            first.max(from),
            after_all(&score_position(*scores.start(), "")),
        );
        let (mut entries, last) = self.watchlists.page(account, between, limit).await?;
        entries.retain(|entry| scores.contains(&entry.score));
        Ok((entries, last.and_then(|last| Rank::of(&last))))
    }

    /// Changes an entry and returns it as it is then; none if there is no such entry.
    pub async fn change_watch(
        &self,
        account: AccountId,
        domain: &Domain,
        change: WatchChange,
    ) -> Result<Option<WatchEntry>, StoreError> {
        let changes = change.into();
        self.watchlists
            .change(account, domain.as_str(), changes)
            .await
    }

    /// Removes a company from an account's watchlist. Returns whether it was on it.
    pub async fn remove_watch(
        &self,
        account: AccountId,
        domain: &Domain,
    ) -> Result<bool, StoreError> {
        self.watchlists.remove(account, domain.as_str()).await
    }
}

impl Rank {
    /// The rank of an entry at a sort position.
    fn of(position: &str) -> Option<Self> {
        let (below, domain) = position.split_once('#')?;
        let below: u8 = below.parse().ok()?;
        Some(Self {
            score: 100_u8.checked_sub(below)?,
            domain: domain.to_owned(),
        })
    }
}
