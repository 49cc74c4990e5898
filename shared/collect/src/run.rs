use std::sync::Arc;

use futures::future::join_all;
use intent_store::{Intel, SourceRow};
use store::StoreError;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;
use types::{Chain, Domain, Timestamp};

use crate::company::Company;
use crate::rows::{self, Rows};
use crate::settings::Settings;
use crate::source_error::SourceError;
use crate::task::Task;

/// One collection of one company, as far as its caller waits for it.
pub(crate) struct Run {
    settings: Arc<Settings>,
    intel: Intel,
    company: Company,
    now: Timestamp,
}

impl Run {
    /// A collection of the company of this domain.
    pub(crate) fn new(
        settings: Arc<Settings>,
        intel: Intel,
        domain: &Domain,
        now: Timestamp,
    ) -> Self {
        Self {
            settings,
            intel,
            company: Company::of(domain),
            now,
        }
    }

    /// Fetches the sources that are due, in a task that outlives the call, and returns the rows at `ends` or when all have
    /// responded.
    pub(crate) async fn collect(self, mut rows: Rows, ends: Instant) -> Rows {
        let (sender, mut receiver) = unbounded_channel();
        let due = self.settings.due(&rows, self.now);
        let task = Task::new(
            self.settings.clone(),
            self.intel.clone(),
            self.company.clone(),
            rows.clone(),
            self.now,
        );
        #[expect(
            clippy::disallowed_methods,
            reason = "it outlives the call; where it is frozen or dies, its sources are due again"
        )]
        tokio::spawn(task.collect(due, sender));
        while let Ok(Some(row)) = tokio::time::timeout_at(ends, receiver.recv()).await {
            rows.insert(row.source.clone(), row);
        }
        self.store_late(&mut rows).await;
        rows
    }

    /// Stores which sources are late, so that not every call waits for one that always is: if the instance is frozen after its
    /// response, the task does not store it.
    async fn store_late(&self, rows: &mut Rows) {
        let due = self.settings.due(rows, self.now).into_iter();
        let late = due.map(|collector| {
            let source = collector.source();
            let before = rows.get(source.as_str());
            let seen = before.map(|row| row.next_at);
            (
                seen,
                rows::failed(source, before, SourceError::Late, self.now),
            )
        });
        let late: Vec<(Option<i64>, SourceRow)> = late.collect();
        let domain = &self.company.domain;
        let stored = late
            .iter()
            .map(|(seen, row)| self.intel.keep_source(domain, *seen, row, self.now));
        for stored in join_all(stored).await {
            match stored {
                // It has responded meanwhile.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "the row of a late source was not stored");
                }
            }
        }
        rows.extend(late.into_iter().map(|(_, row)| (row.source.clone(), row)));
    }
}
