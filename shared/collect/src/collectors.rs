use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use config::Env;
use futures::future::join_all;
use intent::{Answered, Coverage, Missing};
use intent_store::{Claim, Intel, SourceRow};
use jiff::SignedDuration;
use store::StoreError;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;
use types::{Chain, Domain, Timestamp};

use crate::run::Run;
use crate::settings::{Settings, SettingsError};
use crate::visit::Collector;
use crate::{Missed, outcome};

/// After the end of its sources, how long a run keeps its claim: it has to store what came last.
const MARGIN: Duration = Duration::from_secs(2);
/// Between two looks at what another call collects.
const PAUSE: Duration = Duration::from_millis(150);
/// The least time that a score with missing sources is good for, in seconds.
const LEAST: i64 = 10;

/// What is remembered of a company's sources, by their names.
pub(crate) type Rows = HashMap<String, SourceRow>;

/// Asks the configured sources. Cloning shares them and their connections.
#[derive(Clone)]
pub struct Collectors(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) intel: Intel,
}

/// What a company's sources came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Who answered and who did not.
    pub coverage: Coverage,
    /// For how many seconds that holds, where a source is missing: then it is asked again.
    pub good_for: Option<i64>,
    /// Whether a source was asked, so that there may be new signals.
    pub asked: bool,
}

impl Collectors {
    /// From the variables in the README; none where `COLLECTORS` is empty.
    pub fn from_env(env: &Env, intel: Intel) -> Result<Option<Self>, SettingsError> {
        let settings = Settings::from_env(env)?;
        Ok(settings.map(|settings| Self(Arc::new(Inner { settings, intel }))))
    }

    /// Asks the sources of a company that are due, and stores what they say as public signals. Answers within the budget; what
    /// is late goes on and is stored when it comes.
    pub async fn collect(&self, domain: &Domain, now: Timestamp) -> Result<Collected, StoreError> {
        let ends = Instant::now() + self.0.settings.budget;
        let mut rows = self.0.intel.sources(domain).await?;
        if self.due(&rows, now).is_empty() {
            return Ok(self.collected(&rows, now, false));
        }
        let until = now + SignedDuration::try_from(self.lease()).unwrap_or(SignedDuration::ZERO);
        match self.0.intel.claim_collection(domain, now, until).await? {
            Claim::Mine => self.run(domain, &mut rows, now, ends).await,
            Claim::Anothers { until } => {
                let began = until - i64::try_from(self.lease().as_secs()).unwrap_or(0);
                let age = u64::try_from(now.as_second() - began).unwrap_or(0);
                let ends = ends.checked_sub(Duration::from_secs(age)).unwrap_or(ends);
                self.watch(domain, &mut rows, now, ends).await?;
            }
        }
        Ok(self.collected(&rows, now, true))
    }

    /// Asks the sources, in a task that outlives the call.
    async fn run(&self, domain: &Domain, rows: &mut Rows, now: Timestamp, ends: Instant) {
        let (tell, mut told) = unbounded_channel();
        let due = self.due(rows, now).into_iter().map(|(at, _)| at).collect();
        let run = Run::new(self.clone(), domain, rows.clone(), now);
        #[expect(
            clippy::disallowed_methods,
            reason = "it outlives the call; where it is frozen or dies, its sources are due again"
        )]
        tokio::spawn(run.drive(due, tell));
        while let Ok(Some(row)) = tokio::time::timeout_at(ends, told.recv()).await {
            rows.insert(row.source.clone(), row);
        }
        self.give_up(domain, rows, now).await;
    }

    /// Remembers who is late, so that a source which always is, is not waited for by every call: where the instance is frozen
    /// after its answer, nothing else would say so.
    async fn give_up(&self, domain: &Domain, rows: &mut Rows, now: Timestamp) {
        let late = self.due(rows, now).into_iter().map(|(_, collector)| {
            let source = collector.source();
            let before = rows.get(source.as_str());
            let seen = before.map(|row| row.next_at);
            (seen, outcome::missed(source, before, Missed::Late, now))
        });
        let late: Vec<(Option<i64>, SourceRow)> = late.collect();
        let kept = late
            .iter()
            .map(|(seen, row)| self.0.intel.keep_source(domain, *seen, row, now));
        for kept in join_all(kept).await {
            match kept {
                // It came meanwhile.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "a late source was not remembered");
                }
            }
        }
        rows.extend(late.into_iter().map(|(_, row)| (row.source.clone(), row)));
    }

    /// Waits for what another call collects.
    async fn watch(
        &self,
        domain: &Domain,
        rows: &mut Rows,
        now: Timestamp,
        ends: Instant,
    ) -> Result<(), StoreError> {
        while !self.due(rows, now).is_empty() && Instant::now() + PAUSE < ends {
            tokio::time::sleep(PAUSE).await;
            *rows = self.0.intel.sources(domain).await?;
        }
        Ok(())
    }

    /// The collectors whose source is due, with their places.
    fn due(&self, rows: &Rows, now: Timestamp) -> Vec<(usize, &dyn Collector)> {
        let is_due = |row: Option<&SourceRow>| row.is_none_or(|row| row.next_at <= now.as_second());
        let all = self
            .0
            .settings
            .collectors
            .iter()
            .map(AsRef::as_ref)
            .enumerate();
        all.filter(|(_, collector)| is_due(rows.get(collector.source().as_str())))
            .collect()
    }

    /// How long a run may hold its claim.
    fn lease(&self) -> Duration {
        self.0.settings.end + MARGIN
    }

    fn collected(&self, rows: &Rows, now: Timestamp, asked: bool) -> Collected {
        let second =
            |second: i64| Timestamp::from_second(second).unwrap_or(types::whole_second(now));
        let late = now.as_second() + i64::try_from(self.lease().as_secs()).unwrap_or(LEAST);
        let mut coverage = Coverage::default();
        for collector in &self.0.settings.collectors {
            let source = collector.source().as_str().to_owned();
            let row = rows
                .get(&source)
                .filter(|row| row.next_at > now.as_second());
            let missing = |reason: &str, retry_at| Missing {
                source: source.clone(),
                reason: reason.to_owned(),
                retry_at: second(retry_at),
            };
            match row {
                None => coverage.missing.push(missing(SourceRow::LATE, late)),
                Some(row) => match (&row.error, row.fetched_at) {
                    (None, Some(at)) => coverage.answered.push(Answered {
                        source,
                        at: second(at),
                    }),
                    (error, _) => {
                        let reason = error.as_deref().unwrap_or("failed");
                        coverage.missing.push(missing(reason, row.next_at));
                    }
                },
            }
        }
        let retries = coverage
            .missing
            .iter()
            .map(|missing| missing.retry_at.as_second());
        let good_for = retries.min().map(|at| (at - now.as_second()).max(LEAST));
        Collected {
            coverage,
            good_for,
            asked,
        }
    }
}

impl fmt::Debug for Collectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources = self
            .0
            .settings
            .collectors
            .iter()
            .map(|collector| collector.source());
        f.debug_list().entries(sources).finish()
    }
}
