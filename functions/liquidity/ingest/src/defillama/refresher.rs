use std::collections::BTreeMap;
use std::time::Duration;

use aws_types::SdkConfig;
use collect::WebClient;
use config::Env;
use futures::{StreamExt, stream};
use liquidity_store::{ProtocolSource, Protocols, Recorded, Stated};
use runtime::Failure;
use serde::Serialize;
use store::Dynamo;
use types::{Chain, Clock, Deadline, ProtocolSlug, Timestamp, date_of, whole_second};

use super::fetch::{Answer, FETCH, LIST, MOST_BYTES, POOLS};
use super::list::List;
use super::plan::{Documents, Plan};

/// The source's name, in settings and in its key.
pub(super) const NAME: &str = "defillama";
/// Protocols written concurrently.
const CONCURRENCY: usize = 8;
/// Time before the deadline from which on nothing new is begun: a fetch, and what is written of it.
const MARGIN: Duration = Duration::from_secs(90);

/// Records once a day what DefiLlama says of protocols.
#[derive(Clone, Debug)]
pub struct ProtocolRefresher {
    pub(super) protocols: Protocols,
    pub(super) web: WebClient,
    pub(super) clock: Clock,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that is new is recorded.
    #[default]
    Recorded,
    /// A part of it; the next run goes on.
    InPart,
    /// Nothing has changed at the source.
    Unchanged,
    /// An earlier run of this day has recorded everything.
    DoneToday,
    /// The source asked for no requests for now.
    Paused,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Refreshed {
    /// What it came to.
    pub outcome: Outcome,
    /// Protocols that were created, with their history.
    pub created: usize,
    /// Protocols of which something is as it was not before.
    pub updated: usize,
    /// Protocols of which everything was known.
    pub unchanged: usize,
    /// Protocols that failed.
    pub failed: usize,
    /// Protocols that a later run takes.
    pub left: usize,
    /// Protocols for which there is no room.
    pub full: usize,
    /// Protocols that are not created, as their name or category cannot be told, or their slug is taken.
    pub unclear: usize,
    /// Entries of the list that cannot be read.
    pub odd: usize,
}

impl Refreshed {
    fn only(outcome: Outcome) -> Self {
        Self {
            outcome,
            ..Self::default()
        }
    }

    fn count(&mut self, recorded: Option<Recorded>) {
        match recorded {
            Some(Recorded::Created) => self.created += 1,
            Some(Recorded::Updated) => self.updated += 1,
            Some(Recorded::Unchanged) => self.unchanged += 1,
            Some(Recorded::Full) => self.full += 1,
            Some(Recorded::Unknown) => self.unclear += 1,
            None => self.failed += 1,
        }
    }
}

impl ProtocolRefresher {
    /// From `PROTOCOL_SOURCES`, `INTEL_TABLE` and the variables of [`WebClient::from_env`]. None if `PROTOCOL_SOURCES` is empty.
    ///
    /// # Errors
    /// If `PROTOCOL_SOURCES` names another source than `defillama`.
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Result<Option<Self>, Failure> {
        let sources = env.optional("PROTOCOL_SOURCES").unwrap_or_default();
        match sources.trim() {
            "" => return Ok(None),
            NAME | "all" => {}
            other => {
                let error =
                    format!("PROTOCOL_SOURCES is {other:?}; use defillama, or leave it empty");
                return Err(error.into());
            }
        }
        Ok(Some(Self {
            protocols: Protocols::new(&Dynamo::new(aws), env.required("INTEL_TABLE")?),
            web: WebClient::from_env(env)?.limited(FETCH, MOST_BYTES),
            clock,
        }))
    }

    /// Records what is new. Whatever dies, a repetition on the same day comes to the same; after a run that recorded everything it asks
    /// nothing and changes nothing.
    ///
    /// # Errors
    /// If a document cannot be fetched or read, or a protocol is not recorded: after all others were.
    pub async fn run(&self, Deadline(ends): Deadline) -> Result<Refreshed, Failure> {
        let now = self.clock.now();
        let source = self.protocols.source(NAME).await?;
        if source.paused_until.is_some_and(|until| now < until) {
            tracing::warn!("DefiLlama is not asked, as it limits our requests");
            return Ok(Refreshed::only(Outcome::Paused));
        }
        if source
            .recorded_at
            .is_some_and(|at| date_of(at) == date_of(now))
        {
            return Ok(Refreshed::only(Outcome::DoneToday));
        }
        let (answer, failure) = self.fetch(&source).await?;
        if answer.list.is_none() && answer.pools.is_none() {
            return failure.map_or(Ok(Refreshed::only(Outcome::Unchanged)), Err);
        }
        let (report, failure) = self.record(&answer, failure, ends - MARGIN).await?;
        tracing::info!(
            outcome = ?report.outcome,
            created = report.created,
            updated = report.updated,
            unchanged = report.unchanged,
            failed = report.failed,
            left = report.left,
            full = report.full,
            unclear = report.unclear,
            odd = report.odd,
            "protocols refreshed"
        );
        failure.map_or(Ok(report), Err)
    }

    async fn record(
        &self,
        answer: &Answer,
        mut failure: Option<Failure>,
        stop: Timestamp,
    ) -> Result<(Refreshed, Option<Failure>), Failure> {
        let nothing = (List::default(), BTreeMap::new());
        let list = answer
            .list
            .as_ref()
            .map_or(&nothing.0, |document| &document.content);
        let yields = answer
            .pools
            .as_ref()
            .map_or(&nothing.1, |document| &document.content);
        let protocols = self.protocols.all().await?;
        let plan = |source: &ProtocolSource, at| {
            Documents { list, yields, at }.plan(&protocols, &source.begun)
        };
        let now = whole_second(self.clock.now());
        let source = self.protocols.change_source(NAME, |source| {
            if source
                .stated_at
                .is_none_or(|at| date_of(at) != date_of(now))
            {
                source.stated_at = Some(now);
            }
            if answer.list.is_some() {
                // With all that were begun before and are still in the list.
                let new = plan(source, now).new.into_iter();
                source.begun = new.map(|(slug, ..)| slug).collect();
            }
        });
        let source = source.await?;
        let at = source.stated_at.unwrap_or(now);
        let plan = plan(&source, at);
        let mut report = Refreshed {
            left: plan.left,
            full: plan.full,
            unclear: plan.unclear,
            odd: list.odd,
            ..Refreshed::default()
        };
        self.restate(&plan, stop, &mut report).await;
        failure = failure.or(self.create(&plan, at, stop, &mut report).await);
        if report.failed > 0 {
            let failed = || format!("{} protocols were not recorded", report.failed).into();
            failure = failure.or_else(|| Some(failed()));
        }
        if failure.is_some() || report.left > 0 {
            report.outcome = Outcome::InPart;
        }
        if failure.is_none() {
            self.finish(answer, &plan, report.left == 0).await?;
        }
        Ok((report, failure))
    }

    /// Records what is stated of protocols that are known.
    async fn restate(&self, plan: &Plan, stop: Timestamp, report: &mut Refreshed) {
        let mut recorded = stream::iter(&plan.known)
            .map(async |(slug, stated)| self.put(slug, std::slice::from_ref(stated), stop).await)
            .buffer_unordered(CONCURRENCY);
        while let Some(recorded) = recorded.next().await {
            match recorded {
                Some(recorded) => report.count(recorded),
                None => report.left += 1,
            }
        }
    }

    /// Creates protocols, each with its history. Returns why it ended early, if it did.
    async fn create(
        &self,
        plan: &Plan,
        at: Timestamp,
        stop: Timestamp,
        report: &mut Refreshed,
    ) -> Option<Failure> {
        for (done, (slug, foreign, stated)) in plan.new.iter().enumerate() {
            if self.clock.now() >= stop {
                report.left += plan.new.len() - done;
                return None;
            }
            let mut all = match self.history(foreign, at).await {
                Ok(history) => history,
                Err(failure) => {
                    report.left += plan.new.len() - done;
                    return Some(failure);
                }
            };
            all.push(stated.clone());
            match self.put(slug, &all, Timestamp::MAX).await {
                Some(recorded) => report.count(recorded),
                None => report.left += 1,
            }
        }
        None
    }

    /// Records what is stated of a protocol, unless it is too late. Some(None) if that failed.
    async fn put(
        &self,
        slug: &ProtocolSlug,
        stated: &[Stated],
        stop: Timestamp,
    ) -> Option<Option<Recorded>> {
        let now = self.clock.now();
        if now >= stop {
            return None;
        }
        match self.protocols.record(slug, stated, now).await {
            Ok(recorded) => Some(Some(recorded)),
            Err(error) => {
                tracing::error!(protocol = %slug, error = %Chain(&error), "a protocol was not refreshed");
                Some(None)
            }
        }
    }

    /// Remembers that what was begun is recorded, and after the last of it that the documents are.
    async fn finish(&self, answer: &Answer, plan: &Plan, is_whole: bool) -> Result<(), Failure> {
        let list = answer.list.as_ref().map(|document| &document.etag);
        let pools = answer.pools.as_ref().map(|document| &document.etag);
        let change = |source: &mut ProtocolSource| {
            source
                .begun
                .retain(|slug| !plan.new.iter().any(|(new, ..)| new == slug));
            source.paused_until = None;
            if !is_whole || !source.begun.is_empty() {
                return;
            }
            source.recorded_at = source.stated_at;
            for ((name, _), etag) in [(LIST, list), (POOLS, pools)] {
                match etag {
                    Some(Some(etag)) => {
                        source.etags.insert(name.to_owned(), etag.clone());
                    }
                    Some(None) => {
                        source.etags.remove(name);
                    }
                    None => {}
                }
            }
        };
        self.protocols.change_source(NAME, change).await?;
        Ok(())
    }
}
