use std::collections::HashSet;
use std::ops::AddAssign;

use accounts::Accounts;
use aws_types::SdkConfig;
use collect::Collectors;
use config::Env;
use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt, stream};
use intent_store::{DueCompany, Intel, IntentWorkspace, WatchEntry};
use runtime::Failure;
use scores::Scores;
use serde::{Deserialize, Serialize};
use store::{Dynamo, StoreError};
use types::{AccountId, Chain, Clock, Deadline, Timestamp};
use workspace::Workspace;

use crate::refresh::refresh;

/// Companies that a run refreshes at the most, if nobody says otherwise.
const USUAL_BUDGET: usize = 2_000;
/// Companies of a line that are looked up at once.
const PAGE: usize = 50;
/// Entries that are read at once.
const ENTRIES: usize = 100;
/// Entries of a company that are written at once. Each of the lines is worked on at once as well.
const AT_ONCE: usize = 4;
/// Seconds before its end from which on a run begins nothing new. Any call may take half of them.
const MARGIN: i64 = 20;
/// Seconds by which a company is put off before it is refreshed: when it is tried again if that fails or ends the process.
const RETRY: i64 = 900;

/// Gives watched companies their next score when it is due, and has their public sources asked for it, if there are collectors.
///
/// A run may end anywhere, and two may be at it at once: an entry's score, and the events that it triggers, are written
/// together under the condition that the entry has the score that was read, and a company is due again soon until all of its
/// entries were seen to. It is put off before anything of it is read, so one that ends the process does not come first again.
#[derive(Clone, Debug)]
pub struct Refresher {
    accounts: Accounts,
    workspace: IntentWorkspace,
    scores: Scores,
    clock: Clock,
    budget: usize,
    period: i64,
}

/// What a run is to do. The event of a schedule says nothing of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Order {
    /// Companies that are due so many seconds later are taken as well.
    pub ahead_seconds: u32,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Companies that were refreshed.
    pub companies: usize,
    /// Entries that got a new score.
    pub entries: usize,
    /// Events that were stored.
    pub events: usize,
    /// Companies that nobody watches any more, and that were forgotten.
    pub forgotten: usize,
    /// Companies that failed, to be tried again.
    pub failed: usize,
    /// Seconds that the longest waiting company had been due.
    pub late_seconds: i64,
}

impl Refresher {
    /// From `WORKSPACE_TABLE`, `ACCOUNTS_TABLE`, `INTEL_TABLE`, the variables of [`Collectors::from_env`] and, if set,
    /// `REFRESH_COMPANIES` (the most that a run refreshes, default 2,000) and `REFRESH_SECONDS` (between two scores of a
    /// company, default 21,600).
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Self, Failure> {
        let dynamo = Dynamo::new(aws);
        let accounts = Accounts::new(&dynamo, env.required("ACCOUNTS_TABLE")?);
        let intel = Intel::new(&dynamo, env.required("INTEL_TABLE")?);
        let collectors = Collectors::from_env(env, intel.clone())?;
        let budget = env.number("REFRESH_COMPANIES")?.map(usize::try_from);
        Ok(Self {
            workspace: IntentWorkspace::new(Workspace::new(
                &dynamo,
                env.required("WORKSPACE_TABLE")?,
                accounts.clone(),
            )),
            accounts,
            scores: Scores::new(intel).with_collectors(collectors),
            clock,
            budget: budget.transpose()?.unwrap_or(USUAL_BUDGET),
            period: crate::period(env)?,
        })
    }

    /// Refreshes what is due, as far as its budget and the time go. The next run goes on from there.
    pub async fn run(&self, order: Order, Deadline(ends): Deadline) -> Result<Report, Failure> {
        let stop = later(ends, -MARGIN);
        let until = later(self.clock.now(), order.ahead_seconds.into());
        // Each line has its share, so that none waits for another's backlog.
        let share = self
            .budget
            .div_ceil(IntentWorkspace::due_partitions().count());
        let lines =
            IntentWorkspace::due_partitions().map(|line| self.line(line, share, until, stop));
        let mut report = Report::default();
        for done in try_join_all(lines).await? {
            report += done;
        }
        tracing::info!(
            companies = report.companies,
            entries = report.entries,
            events = report.events,
            forgotten = report.forgotten,
            failed = report.failed,
            late_seconds = report.late_seconds,
            "watched companies refreshed"
        );
        Ok(report)
    }

    async fn line(
        &self,
        line: u8,
        share: usize,
        until: Timestamp,
        stop: Timestamp,
    ) -> Result<Report, Failure> {
        let mut report = Report::default();
        let mut left = share;
        let mut after: Option<DueCompany> = None;
        while left > 0 {
            let wanted = PAGE.min(left);
            let page = self
                .workspace
                .due_companies(line, after.as_ref(), until, wanted)
                .await?;
            let suspended = match &*page {
                [] => HashSet::new(),
                _ => self.accounts.suspended_accounts().await?,
            };
            for company in &page {
                if self.clock.now() >= stop {
                    return Ok(report);
                }
                report += self.company_or_later(company, &suspended, stop).await;
            }
            if page.len() < wanted {
                break;
            }
            left -= page.len();
            after = page.last().cloned();
        }
        Ok(report)
    }

    /// Refreshes a company, if it can be put off first; one that fails stays put off.
    async fn company_or_later(
        &self,
        company: &DueCompany,
        suspended: &HashSet<AccountId>,
        stop: Timestamp,
    ) -> Report {
        let late = self.clock.now().as_second() - company.since.as_second();
        let done = match self.company(company, suspended, stop).await {
            Ok(report) => report,
            Err(error) => {
                tracing::error!(domain = %company.domain, error = %Chain(&error), "a watched company was not refreshed; it is tried again later");
                Report {
                    failed: 1,
                    ..Report::default()
                }
            }
        };
        Report {
            late_seconds: late.max(0),
            ..done
        }
    }

    /// Refreshes a company for the accounts that watch it and are not suspended.
    async fn company(
        &self,
        company: &DueCompany,
        suspended: &HashSet<AccountId>,
        stop: Timestamp,
    ) -> Result<Report, StoreError> {
        let mut report = Report::default();
        let retry = later(self.clock.now(), RETRY);
        let Some(put_off) = done(self.workspace.set_due(company, retry).await)? else {
            return Ok(report);
        };
        let mut accounts = self.workspace.watchers(&company.domain).await?;
        if accounts.is_empty() {
            let forgotten = self.workspace.forget_unwatched(&company.domain).await;
            report.forgotten = usize::from(done(forgotten)?.is_some());
            return Ok(report);
        }
        let now = self.clock.now();
        accounts.retain(|account| !suspended.contains(account));
        if accounts.is_empty() {
            let next = later(now, self.period);
            done(self.workspace.set_due(&put_off, next).await)?;
            return Ok(report);
        }
        let scores = self
            .scores
            .of_accounts(&company.domain, &accounts, now)
            .await?;
        for accounts in accounts.chunks(ENTRIES) {
            if self.clock.now() >= stop {
                return Ok(report);
            }
            let entries = self
                .workspace
                .watch_entries(&company.domain, accounts)
                .await?;
            let refreshed: Vec<Report> = stream::iter(&entries)
                .map(|entry| self.entry(entry, &scores.of(entry.account).score))
                .buffer_unordered(AT_ONCE)
                .try_collect()
                .await?;
            for entry in refreshed {
                report += entry;
            }
        }
        let next = later(now, self.period);
        let set = self.workspace.set_due(&put_off, next).await;
        report.companies = usize::from(done(set)?.is_some());
        Ok(report)
    }

    async fn entry(&self, entry: &WatchEntry, score: &intent::Score) -> Result<Report, StoreError> {
        let Some(refresh) = refresh(entry, score) else {
            return Ok(Report::default());
        };
        let written = self
            .workspace
            .refresh_watch(entry, &refresh.after, &refresh.events)
            .await;
        let written = usize::from(done(written)?.is_some());
        Ok(Report {
            entries: written,
            events: written * refresh.events.len(),
            ..Report::default()
        })
    }
}

/// What was written; none if somebody else was first, or the thing is gone.
fn done<T>(written: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match written {
        Ok(written) => Ok(Some(written)),
        Err(StoreError::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(at.as_second() + seconds).unwrap_or(at)
}

impl AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.companies += other.companies;
        self.entries += other.entries;
        self.events += other.events;
        self.forgotten += other.forgotten;
        self.failed += other.failed;
        self.late_seconds = self.late_seconds.max(other.late_seconds);
    }
}
