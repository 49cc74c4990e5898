use std::collections::BTreeMap;
use std::time::Duration;

use api::FieldError;
use futures::{StreamExt, stream};
use imports::{ImportFile, Importer, Report, Times};
use intent::Signal;
use intent_store::{Intel, MAX_SIGNALS, Outcome};
use runtime::Failure;
use store::{Dynamo, Owner, StoreError};
use types::{Clock, Domain, Timestamp};

use crate::form::SignalForm;
use crate::index::{Entry, Index};

/// Companies written concurrently.
const CONCURRENCY: usize = 16;
/// Pause before the first repetition of writes that were throttled. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// A file of signals.
pub(crate) type SignalFile<'a> = ImportFile<'a, SignalForm>;

/// Imports files of shared signals, which count in every account's scores.
#[derive(Clone, Debug)]
pub struct SignalImporter {
    intel: Intel,
    clock: Clock,
}

impl SignalImporter {
    /// Of the signals in this table.
    pub fn new(dynamo: &Dynamo, table: String, clock: Clock) -> Self {
        Self {
            intel: Intel::new(dynamo, table),
            clock,
        }
    }
}

impl Importer for SignalImporter {
    type Form = SignalForm;

    /// Checks every line before it writes any, so that a file that cannot be read changes nothing.
    async fn store(
        &self,
        mut file: SignalFile<'_>,
        Times { now, stop }: Times,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let index = match Index::of(&mut file, now, report) {
            Ok(index) => index,
            Err(error) => {
                report.refuse(error);
                return Ok(());
            }
        };
        report.companies = Some(index.companies());
        for page in index.pages() {
            if self.clock.now() >= stop {
                return Err(Failure::not_yet(
                    "the file takes longer than the function; the next delivery continues",
                ));
            }
            let companies = page_of(&mut file, page, now)?;
            self.write(companies, now, stop, report).await?;
        }
        Ok(())
    }
}

impl SignalImporter {
    /// Writes companies. Those whose writes are throttled are written again later, fewer at once, until all are or the time ends.
    async fn write(
        &self,
        mut companies: Companies,
        now: Timestamp,
        stop: Timestamp,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let (mut at_once, mut pause) = (CONCURRENCY, FIRST_PAUSE);
        loop {
            companies = self.write_once(companies, at_once, now, report).await?;
            if companies.is_empty() {
                return Ok(());
            }
            if self.clock.now() + pause >= stop {
                return Err(Failure::not_yet(
                    "the table is throttling; the next delivery continues",
                ));
            }
            tracing::info!(
                companies = companies.len(),
                pause_seconds = pause.as_secs(),
                "writes are throttled and are repeated after a pause"
            );
            tokio::time::sleep(pause).await;
            (at_once, pause) = ((at_once / 2).max(1), (pause * 2).min(MAX_PAUSE));
        }
    }

    /// Writes companies once, and returns those whose writes were throttled. Some of their signals may be stored: they count as
    /// `unchanged` later.
    async fn write_once(
        &self,
        companies: Companies,
        at_once: usize,
        now: Timestamp,
        report: &mut Report,
    ) -> Result<Companies, Failure> {
        let mut throttled = Companies::new();
        let mut written = stream::iter(companies)
            .map(async |(domain, rows)| {
                let added = self
                    .intel
                    .add_signals(&domain, Owner::Public, &rows.signals, now)
                    .await;
                (domain, rows, added)
            })
            .buffer_unordered(at_once);
        while let Some((domain, rows, added)) = written.next().await {
            match added {
                Ok(outcomes) => {
                    for (line, outcome) in rows.lines.into_iter().zip(outcomes) {
                        count(report, line, outcome);
                    }
                }
                Err(StoreError::Throttled(_)) => {
                    throttled.insert(domain, rows);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(throttled)
    }
}

/// What a page has of each company.
type Companies = BTreeMap<Domain, Rows>;

/// Signals, and the lines that they are in.
#[derive(Default)]
struct Rows {
    lines: Vec<u64>,
    signals: Vec<Signal>,
}

/// A page of lines, by company.
fn page_of(
    file: &mut SignalFile<'_>,
    page: &[Entry],
    now: Timestamp,
) -> Result<Companies, Failure> {
    let mut companies = Companies::new();
    for entry in page {
        let line = file.line_at(entry.place)?;
        let form = line.and_then(|line| line.form.ok());
        let signal = form.and_then(|form| form.parse(now).ok());
        let (domain, signal) = signal.ok_or("a valid line is not valid any more")?;
        let rows = companies.entry(domain).or_default();
        rows.lines.push(entry.place.line);
        rows.signals.push(signal);
    }
    Ok(companies)
}

/// Counts what became of a line's signal.
fn count(report: &mut Report, line: u64, outcome: Outcome) {
    match outcome {
        Outcome::Stored => report.stored += 1,
        Outcome::Updated => report.updated += 1,
        Outcome::Unchanged => report.unchanged += 1,
        Outcome::NoRoom => report.fail(line, vec![company_full()]),
    }
}

fn company_full() -> FieldError {
    let message = format!(
        "at most {MAX_SIGNALS} public signals of one company are stored; those that are can still be changed"
    );
    FieldError::new("domain", "company_full", message)
}
