use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::future::join_all;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use intent_store::{Intel, SourceRow};
use store::{Owner, StoreError};
use tokio::sync::mpsc::UnboundedSender;
use types::{Chain, Timestamp};

use crate::collector::{CollectContext, Collector};
use crate::company::Company;
use crate::found::Found;
use crate::rows::{self, Rows};
use crate::settings::Settings;
use crate::site_pages::SitePages;
use crate::source::Source;
use crate::source_error::SourceError;
use crate::web::WebClient;

/// The part of a collection that continues after its caller has stopped waiting.
pub(crate) struct Task {
    settings: Arc<Settings>,
    intel: Intel,
    company: Company,
    web: WebClient,
    site: SitePages,
    rows: Rows,
    now: Timestamp,
}

/// What one source returned.
type Outcome = (Source, Result<Found, SourceError>);

impl Task {
    /// A collection that starts from these rows.
    pub(crate) fn new(
        settings: Arc<Settings>,
        intel: Intel,
        company: Company,
        rows: Rows,
        now: Timestamp,
    ) -> Self {
        let web = settings.web.at(now);
        let site = SitePages::of(&company, &web);
        Self {
            settings,
            intel,
            company,
            web,
            site,
            rows,
            now,
        }
    }

    /// Runs these collectors concurrently, stores what each returns when it does, and sends its new row.
    pub(crate) async fn collect(
        self,
        due: Vec<Arc<dyn Collector>>,
        sender: UnboundedSender<SourceRow>,
    ) {
        let most = due.len().max(1);
        let fetches: FuturesUnordered<_> = due
            .iter()
            .map(|collector| self.fetch(collector.as_ref()))
            .collect();
        // Results that are ready at the same time are written together: every write of signals raises one counter.
        let mut outcomes = fetches.ready_chunks(most);
        while let Some(outcomes) = outcomes.next().await {
            for row in self.store(outcomes).await {
                // The caller no longer receives what is late.
                let _late = sender.send(row);
            }
        }
    }

    async fn fetch(&self, collector: &dyn Collector) -> Outcome {
        let source = collector.source();
        let previous = rows::previous(self.rows.get(source.as_str()));
        let context = CollectContext {
            company: &self.company,
            previous: &previous,
            now: self.now,
            web: &self.web,
            site: &self.site,
        };
        let found = tokio::time::timeout(self.settings.end, collector.collect(&context));
        let found = match AssertUnwindSafe(found).catch_unwind().await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(SourceError::TimedOut),
            Err(_) => {
                tracing::error!(%source, "a collector panicked");
                Err(SourceError::Malformed)
            }
        };
        (source, found)
    }

    /// Signals first: a source whose row is written is not fetched again for them.
    async fn store(&self, mut outcomes: Vec<Outcome>) -> Vec<SourceRow> {
        let domain = &self.company.domain;
        let found = outcomes.iter().filter_map(|(_, found)| found.as_ref().ok());
        let signals: Vec<_> = found.flat_map(|found| found.signals.clone()).collect();
        if !signals.is_empty()
            && let Err(error) = self
                .intel
                .add_signals(domain, Owner::Public, &signals, self.now)
                .await
        {
            tracing::warn!(error = %Chain(&error), "collected signals were not stored");
            for (_, found) in &mut outcomes {
                *found = Err(SourceError::Failed);
            }
        }
        join_all(outcomes.iter().map(|outcome| self.store_row(outcome))).await
    }

    async fn store_row(&self, (source, found): &Outcome) -> SourceRow {
        let domain = &self.company.domain;
        let before = self.rows.get(source.as_str());
        let row = match found {
            Ok(found) => rows::succeeded(*source, found, self.now),
            Err(why) => {
                tracing::info!(%source, company = %domain, reason = why.as_str(), "a source did not respond");
                rows::failed(*source, before, *why, self.now)
            }
        };
        let seen = before.map(|row| row.next_at);
        match self.intel.keep_source(domain, seen, &row, self.now).await {
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the row of a source was not stored");
            }
        }
        row
    }
}
