#![doc = include_str!("../README.md")]

mod sources;
mod standing;

use futures::future::try_join;
use futures::{StreamExt, TryStreamExt, stream};
use intent::Score;
use store::{Intel, Owner, ScoreRow, ScoreRows, StoreError};
use types::{AccountId, Chain, Credits, Domain, Timestamp, whole_second};

pub use sources::Sources;
pub use standing::Standing;

/// What a score costs, one by one or in bulk. A company of which nothing is known costs nothing.
pub const PRICE: Credits = Credits::whole(1);
/// How long a score is kept, in seconds.
pub const KEPT_SECONDS: i64 = 24 * 3600;
/// Companies whose signals are read at once.
const AT_ONCE: usize = 8;

/// Looks up and computes scores.
#[derive(Clone, Debug)]
pub struct Scores {
    intel: Intel,
}

/// A score with how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The score; of a company without signals it is 0.
    pub score: Score,
    /// Until when the same score is answered again, unless a signal comes in.
    pub expires_at: Timestamp,
    /// Whether it was kept from before.
    pub cached: bool,
}

impl Scored {
    /// Whether anything is known of the company. An answer without signals is not charged.
    pub fn has_signals(&self) -> bool {
        !self.score.signals.is_empty() || self.score.more_signals.is_some()
    }
}

impl Scores {
    /// Scores from this table.
    pub fn new(intel: Intel) -> Self {
        Self { intel }
    }

    /// What is known of a company, in one read.
    pub async fn standing(
        &self,
        account: AccountId,
        domain: &Domain,
        now: Timestamp,
    ) -> Result<Standing, StoreError> {
        let rows = self
            .intel
            .score_rows(account, std::slice::from_ref(domain))
            .await?;
        Ok(Standing::of(rows.get(domain), now))
    }

    /// What is known of a company, with everything written before this call.
    pub async fn standing_now(
        &self,
        account: AccountId,
        domain: &Domain,
        now: Timestamp,
    ) -> Result<Standing, StoreError> {
        let rows = self.intel.score_rows_now(account, domain).await?;
        Ok(Standing::of(Some(&rows), now))
    }

    /// The score for a standing, with the sources that were asked before. Computes and keeps it where the standing has none:
    /// two more round trips.
    pub async fn settle(
        &self,
        account: AccountId,
        domain: &Domain,
        standing: Standing,
        sources: Option<Sources>,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        match standing {
            Standing::Stale(rows) => {
                let scored = self.compute(account, domain, &rows, now).await?;
                let scored = scored.covered(sources, now);
                self.keep(account, domain, &rows, &scored).await;
                Ok(scored)
            }
            Standing::Unknown | Standing::Fresh(_) => {
                let scored = self.without_keeping(account, domain, standing, now);
                Ok(scored.await?.covered(sources, now))
            }
        }
    }

    /// The scores of many companies, in their order. What had to be computed is not kept: a bulk job would otherwise
    /// write a row a company.
    pub async fn of_many(
        &self,
        account: AccountId,
        domains: &[Domain],
        now: Timestamp,
    ) -> Result<Vec<Scored>, StoreError> {
        let rows = self.intel.score_rows(account, domains).await?;
        stream::iter(domains)
            .map(|domain| {
                self.without_keeping(account, domain, Standing::of(rows.get(domain), now), now)
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn without_keeping(
        &self,
        account: AccountId,
        domain: &Domain,
        standing: Standing,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        match standing {
            Standing::Fresh(scored) => Ok(*scored),
            Standing::Stale(rows) => self.compute(account, domain, &rows, now).await,
            // Not kept: the first signal must show at once.
            Standing::Unknown => Ok(scored(domain, &[], now, 0)),
        }
    }

    async fn compute(
        &self,
        account: AccountId,
        domain: &Domain,
        rows: &ScoreRows,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        let read = async |row: &Option<ScoreRow>, owner| match row {
            Some(_) => self.intel.signals(domain, owner, now).await,
            None => Ok(Vec::new()),
        };
        let (mut signals, own) = try_join(
            read(&rows.public, Owner::Public),
            read(&rows.own, Owner::Account(account)),
        )
        .await?;
        signals.extend(own);
        Ok(scored(domain, &signals, now, KEPT_SECONDS))
    }

    /// Keeps a computed score where the next call looks for it. That it could not be kept costs a computation later.
    async fn keep(&self, account: AccountId, domain: &Domain, rows: &ScoreRows, scored: &Scored) {
        let public = rows.public.as_ref().map_or(0, |row| row.revision);
        let (owner, revision, public_revision) = match &rows.own {
            Some(own) => (Owner::Account(account), own.revision, Some(public)),
            None => (Owner::Public, public, None),
        };
        let body = match serde_json::to_string(&scored.score) {
            Ok(body) => body,
            Err(error) => return tracing::error!(%error, "a score cannot be written as JSON"),
        };
        let row = ScoreRow {
            revision,
            body: Some(body),
            valid_until: Some(scored.expires_at.as_second()),
            public_revision,
        };
        match self.intel.keep_score(domain, owner, &row).await {
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(error) => tracing::warn!(error = %Chain(&error), "a score was not kept"),
        }
    }
}

fn scored(domain: &Domain, signals: &[intent::Signal], now: Timestamp, kept: i64) -> Scored {
    let expires = Timestamp::from_second(now.as_second() + kept);
    Scored {
        score: intent::score(domain, signals, now),
        expires_at: expires.unwrap_or_else(|_| whole_second(now)),
        cached: false,
    }
}
