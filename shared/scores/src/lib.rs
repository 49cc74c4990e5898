#![doc = include_str!("../README.md")]

mod cache_lookup;
mod cached_row;
mod history;
mod known;
mod model_texts;
mod preview;
mod shared;
mod sources;
mod summary;

use std::sync::Arc;

use collect::{Collected, Collectors};
use futures::{StreamExt, TryStreamExt, stream};
use intent::Score;
use intent_store::{Intel, ScorePoint, ScoreRow, ScoreRows};
use reasoning::Writer;
use store::{Owner, StoreError};
use tokio::sync::Semaphore;
use types::{AccountId, Chain, Domain, Timestamp, whole_second};

use cached_row::Found;

pub use cache_lookup::CacheLookup;
pub use history::Rebuilt;
pub use preview::Preview;
pub use shared::SharedScore;
pub use summary::{Summarised, Summary};

/// How long a score is cached, in seconds.
pub const CACHE_SECONDS: i64 = 24 * 3600;
/// Companies whose signals are read in parallel.
const CONCURRENCY: usize = 8;

/// Looks up and computes scores.
#[derive(Clone, Debug)]
pub struct Scores {
    intel: Intel,
    writer: Option<Writer>,
    collectors: Option<Collectors>,
    /// What may be read and computed at once.
    loads: Arc<Semaphore>,
}

/// A score, and whether it comes from the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The score; of a company without signals it is 0.
    pub score: Score,
    /// Until when the same score is returned again, unless a signal arrives.
    pub expires_at: Timestamp,
    /// Whether it comes from the cache.
    pub cached: bool,
}

impl Scored {
    /// Whether any signal of the company is known. A score without signals is not charged.
    pub fn has_signals(&self) -> bool {
        self.score.has_signals()
    }
}

impl Scores {
    /// Scores from this table.
    pub fn new(intel: Intel) -> Self {
        Self {
            intel,
            writer: None,
            collectors: None,
            loads: Arc::new(Semaphore::new(known::AT_ONCE)),
        }
    }

    /// Looks a company's score up, in one read.
    pub async fn look_up(
        &self,
        account: AccountId,
        domain: &Domain,
        now: Timestamp,
    ) -> Result<CacheLookup, StoreError> {
        let domains = std::slice::from_ref(domain);
        let rows = self.intel.score_rows(account, domains).await?;
        Ok(CacheLookup::of(rows.first(), domain, now))
    }

    /// Completes a cache lookup to a score. If it found none, public sources are queried, if there are any, and the score is
    /// computed and cached: two more round trips.
    pub async fn complete(
        &self,
        account: AccountId,
        domain: &Domain,
        lookup: CacheLookup,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        match lookup {
            CacheLookup::Fresh(scored) => Ok(*scored),
            // Boxed: querying sources and a model takes kilobytes of state, which a cached score need not carry.
            lookup => Box::pin(self.refresh(account, domain, lookup, now)).await,
        }
    }

    async fn refresh(
        &self,
        account: AccountId,
        domain: &Domain,
        lookup: CacheLookup,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        let collected = self.collect(domain, now).await;
        let lookup = if collected.as_ref().is_some_and(|collected| collected.asked) {
            let rows = self.intel.score_rows_now(account, domain).await?;
            CacheLookup::of(Some(&rows), domain, now)
        } else {
            lookup
        };
        self.complete_with(account, domain, lookup, collected, now)
            .await
    }

    /// Completes a lookup for which sources were queried before.
    async fn complete_with(
        &self,
        account: AccountId,
        domain: &Domain,
        lookup: CacheLookup,
        collected: Option<Collected>,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        match lookup {
            CacheLookup::Fresh(scored) => Ok(*scored),
            CacheLookup::Stale(rows) => {
                let scored = self.compute(account, domain, &rows, now).await?;
                let scored = scored.covered(collected, now);
                let scored = self.with_model_texts(scored, now).await;
                self.cache(account, domain, &rows, &scored).await;
                Ok(scored)
            }
            // Not cached: the first signal must show at once.
            CacheLookup::Unknown => {
                Ok(scored(intent::score(domain, &[], now), now, 0).covered(collected, now))
            }
        }
    }

    /// The summaries of many companies' scores, in the order of `domains`. Computed scores are not cached: a bulk job would
    /// otherwise write a row per company.
    pub async fn of_many(
        &self,
        account: AccountId,
        domains: &[Domain],
        now: Timestamp,
    ) -> Result<Vec<Summarised>, StoreError> {
        let rows = self.intel.score_rows_in_brief(account, domains).await?;
        stream::iter(domains.iter().zip(&rows))
            .map(|(domain, rows)| self.summary(account, domain, Some(rows), now))
            .buffered(CONCURRENCY)
            .try_collect()
            .await
    }

    async fn summary(
        &self,
        account: AccountId,
        domain: &Domain,
        rows: Option<&ScoreRows>,
        now: Timestamp,
    ) -> Result<Summarised, StoreError> {
        let score = match Found::of(rows, now) {
            Found::Cached(_, summary) => {
                return Ok(Summarised {
                    summary: *summary,
                    cached: true,
                });
            }
            Found::Stale(rows) => self.compute(account, domain, rows, now).await?.score,
            Found::Nothing => intent::score(domain, &[], now),
        };
        Ok(Summarised {
            summary: Summary::split(score).0,
            cached: false,
        })
    }

    async fn compute(
        &self,
        account: AccountId,
        domain: &Domain,
        rows: &ScoreRows,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        let seen = self.seen(account, domain, rows, now).await?;
        let score = self.score_of(domain, &seen, now).await?;
        Ok(scored(score, now, CACHE_SECONDS))
    }

    /// Adds a computed score to the history as its day's score, and caches it. A failure costs a computation later.
    async fn cache(&self, account: AccountId, domain: &Domain, rows: &ScoreRows, scored: &Scored) {
        let public = rows.public.as_ref().map_or(0, |row| row.revision);
        let (owner, revision, public_revision) = match &rows.own {
            Some(own) => (Owner::Account(account), own.revision, Some(public)),
            None => (Owner::Public, public, None),
        };
        let row = match cached_row::row(scored) {
            Ok(row) => ScoreRow {
                revision,
                public_revision,
                ..row
            },
            Err(error) => return tracing::error!(%error, "a score cannot be written as JSON"),
        };
        let point = ScorePoint::of(&scored.score);
        // Two writes instead of a transaction, which would cost twice. The point first: a score that is cached is not computed
        // again, so its point would stay missing.
        if let Err(error) = self.intel.remember_score(domain, owner, &point).await {
            return tracing::warn!(error = %Chain(&error), "a score was not added to the history, and not cached");
        }
        match self.intel.keep_score(domain, owner, &row).await {
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(error) => tracing::warn!(error = %Chain(&error), "a score was not cached"),
        }
    }
}

fn scored(score: Score, now: Timestamp, seconds: i64) -> Scored {
    let expires = Timestamp::from_second(now.as_second() + seconds);
    Scored {
        score,
        expires_at: expires.unwrap_or_else(|_| whole_second(now)),
        cached: false,
    }
}
