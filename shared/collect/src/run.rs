use std::panic::AssertUnwindSafe;

use futures::future::join_all;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use intent_store::SourceRow;
use store::{Owner, StoreError};
use tokio::sync::mpsc::UnboundedSender;
use types::{Chain, Domain, Timestamp};

use crate::collectors::{Collectors, Rows};
use crate::site_pages::SitePages;
use crate::visit::{Collector, Visit};
use crate::{Company, Found, Missed, Source, outcome};

/// One collection of one company.
pub(crate) struct Run {
    collectors: Collectors,
    company: Company,
    site: SitePages,
    rows: Rows,
    now: Timestamp,
}

/// What one source came to.
type Outcome = (Source, Result<Found, Missed>);

impl Run {
    /// A collection beside these rows.
    pub(crate) fn new(collectors: Collectors, domain: &Domain, rows: Rows, now: Timestamp) -> Self {
        let company = Company::of(domain);
        let site = SitePages::of(&company, &collectors.0.settings.web);
        Self {
            collectors,
            company,
            site,
            rows,
            now,
        }
    }

    /// Asks these collectors, stores what each says as it comes, and tells what is remembered of it then.
    pub(crate) async fn drive(self, due: Vec<usize>, tell: UnboundedSender<SourceRow>) {
        let collectors = &self.collectors.0.settings.collectors;
        let due: Vec<&dyn Collector> = due
            .into_iter()
            .filter_map(|at| collectors.get(at).map(AsRef::as_ref))
            .collect();
        let most = due.len().max(1);
        let asked: FuturesUnordered<_> = due
            .into_iter()
            .map(|collector| self.ask(collector))
            .collect();
        // What is there at the same time is written together: every write of signals raises one counter.
        let mut outcomes = asked.ready_chunks(most);
        while let Some(outcomes) = outcomes.next().await {
            for row in self.store(outcomes).await {
                // Nobody listens any more where it is late.
                let _late = tell.send(row);
            }
        }
    }

    async fn ask(&self, collector: &dyn Collector) -> Outcome {
        let source = collector.source();
        let kept = outcome::kept(self.rows.get(source.as_str()));
        let visit = Visit {
            company: &self.company,
            kept: &kept,
            now: self.now,
            web: &self.collectors.0.settings.web,
            site: &self.site,
        };
        let answer =
            tokio::time::timeout(self.collectors.0.settings.end, collector.collect(&visit));
        let found = match AssertUnwindSafe(answer).catch_unwind().await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(Missed::TimedOut),
            Err(_) => {
                tracing::error!(%source, "a collector panicked");
                Err(Missed::Malformed)
            }
        };
        (source, found)
    }

    /// Signals first: a source whose row is written is not asked again for them.
    async fn store(&self, mut outcomes: Vec<Outcome>) -> Vec<SourceRow> {
        let domain = &self.company.domain;
        let found = outcomes.iter().filter_map(|(_, found)| found.as_ref().ok());
        let signals: Vec<_> = found.flat_map(|found| found.signals.clone()).collect();
        let intel = &self.collectors.0.intel;
        if !signals.is_empty()
            && let Err(error) = intel
                .add_signals(domain, Owner::Public, &signals, self.now)
                .await
        {
            tracing::warn!(error = %Chain(&error), "collected signals were not stored");
            for (_, found) in &mut outcomes {
                *found = Err(Missed::Failed);
            }
        }
        join_all(outcomes.iter().map(|outcome| self.remember(outcome))).await
    }

    async fn remember(&self, (source, found): &Outcome) -> SourceRow {
        let before = self.rows.get(source.as_str());
        let row = match found {
            Ok(found) => outcome::answered(*source, found, self.now),
            Err(why) => {
                tracing::info!(%source, company = %self.company.domain, reason = why.as_str(), "a source did not answer");
                outcome::missed(*source, before, *why, self.now)
            }
        };
        let seen = before.map(|row| row.next_at);
        let intel = &self.collectors.0.intel;
        match intel
            .keep_source(&self.company.domain, seen, &row, self.now)
            .await
        {
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(error) => tracing::warn!(error = %Chain(&error), "a source was not remembered"),
        }
        row
    }
}
