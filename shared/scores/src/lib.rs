#![doc = include_str!("../README.md")]

mod cache_lookup;
mod kept;
mod past;
mod preview;
mod shared;
mod sources;
mod summary;
mod words;

use collect::{Collected, Collectors};
use futures::future::{OptionFuture, join};
use futures::{StreamExt, TryStreamExt, stream};
use intent::{Score, Signal};
use intent_store::{Intel, ScorePoint, ScoreRow, ScoreRows};
use reasoning::Writer;
use store::{Owner, StoreError};
use types::{AccountId, Chain, Domain, Timestamp, whole_second};

use kept::Found;

pub use cache_lookup::CacheLookup;
pub use preview::Preview;
pub use shared::SharedScore;
pub use summary::{Summarised, Summary};

/// How long a score is cached, in seconds.
pub const KEPT_SECONDS: i64 = 24 * 3600;
/// Companies whose signals are read at once.
const AT_ONCE: usize = 8;

/// Looks up and computes scores.
#[derive(Clone, Debug)]
pub struct Scores {
    intel: Intel,
    writer: Option<Writer>,
    collectors: Option<Collectors>,
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
        }
    }

    /// What is known of a company, in one read.
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

    /// Completes a cache lookup to a score. Where it found none, public sources are asked, if there are any, and the score is
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
            // In a box: asking sources and a model takes kilobytes of state, which a cached score need not carry.
            lookup => Box::pin(self.renew(account, domain, lookup, now)).await,
        }
    }

    async fn renew(
        &self,
        account: AccountId,
        domain: &Domain,
        lookup: CacheLookup,
        now: Timestamp,
    ) -> Result<Scored, StoreError> {
        let collected = self.ask(domain, now).await;
        let lookup = if collected.as_ref().is_some_and(|came| came.asked) {
            let rows = self.intel.score_rows_now(account, domain).await?;
            CacheLookup::of(Some(&rows), domain, now)
        } else {
            lookup
        };
        self.made(account, domain, lookup, collected, now).await
    }

    /// Completes a lookup for which sources were asked before.
    async fn made(
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
                let scored = self.worded(scored.covered(collected, now), now).await;
                self.keep(account, domain, &rows, &scored).await;
                Ok(scored)
            }
            // Not kept: the first signal must show at once.
            CacheLookup::Unknown => Ok(scored(domain, &[], now, 0).covered(collected, now)),
        }
    }

    /// The summaries of many companies' scores, in their order. What had to be computed is not kept: a bulk job would
    /// otherwise write a row a company.
    pub async fn of_many(
        &self,
        account: AccountId,
        domains: &[Domain],
        now: Timestamp,
    ) -> Result<Vec<Summarised>, StoreError> {
        let rows = self.intel.score_rows_in_brief(account, domains).await?;
        stream::iter(domains.iter().zip(&rows))
            .map(|(domain, rows)| self.summary(account, domain, Some(rows), now))
            .buffered(AT_ONCE)
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
            Found::Kept(_, summary) => {
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
        let signals = self.known(account, domain, rows, now).await?;
        Ok(scored(domain, &signals, now, KEPT_SECONDS))
    }

    /// The signals that an account sees of a company: the public ones and its own.
    async fn known(
        &self,
        account: AccountId,
        domain: &Domain,
        rows: &ScoreRows,
        now: Timestamp,
    ) -> Result<Vec<Signal>, StoreError> {
        let read = |owner| self.intel.signals(domain, owner, now);
        of_both(rows, read(Owner::Public), read(Owner::Account(account))).await
    }

    /// Keeps a computed score where the next call looks for it, and remembers it as that of its day. That it could not be
    /// kept costs a computation later; that it could not be remembered, a point of the history.
    async fn keep(&self, account: AccountId, domain: &Domain, rows: &ScoreRows, scored: &Scored) {
        let public = rows.public.as_ref().map_or(0, |row| row.revision);
        let (owner, revision, public_revision) = match &rows.own {
            Some(own) => (Owner::Account(account), own.revision, Some(public)),
            None => (Owner::Public, public, None),
        };
        let row = match kept::row(scored) {
            Ok(row) => ScoreRow {
                revision,
                public_revision,
                ..row
            },
            Err(error) => return tracing::error!(%error, "a score cannot be written as JSON"),
        };
        let point = ScorePoint::of(&scored.score);
        // Beside each other, and not a transaction: it would cost twice, for two things that do not need each other.
        let (kept, remembered) = join(
            self.intel.keep_score(domain, owner, &row),
            self.intel.remember_score(domain, owner, &point),
        )
        .await;
        match kept {
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(error) => tracing::warn!(error = %Chain(&error), "a score was not kept"),
        }
        if let Err(error) = remembered {
            tracing::warn!(error = %Chain(&error), "a score was not remembered");
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

/// The signals of both, each read only if its row says that there are some.
async fn of_both(
    rows: &ScoreRows,
    public: impl Future<Output = Result<Vec<Signal>, StoreError>>,
    own: impl Future<Output = Result<Vec<Signal>, StoreError>>,
) -> Result<Vec<Signal>, StoreError> {
    let public = OptionFuture::from(rows.public.as_ref().map(|_| public));
    let own = OptionFuture::from(rows.own.as_ref().map(|_| own));
    let (public, own) = join(public, own).await;
    let mut signals = public.transpose()?.unwrap_or_default();
    signals.extend(own.transpose()?.unwrap_or_default());
    Ok(signals)
}
