use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_types::SdkConfig;
use blob::{BlobError, Bucket};
use config::Env;
use futures::{StreamExt, stream};
use intent::Signal;
use intent_store::Intel;
use runtime::Failure;
use store::{Dynamo, Owner, StoreError};
use types::{Clock, Deadline, Domain, Timestamp, whole_second};

use crate::import_file::ImportFile;
use crate::index::{Entry, Index};
use crate::report::Report;

/// Bytes of an import file.
const MAX_BYTES: u64 = 100_000_000;
/// Companies written concurrently.
const CONCURRENCY: usize = 16;
/// Pause before the first repetition of writes that were throttled. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// Time before the deadline from which on nothing new is begun. A write may take a minute.
const MARGIN: Duration = Duration::from_secs(70);
/// Suffix of a report's object key. It is not that of an import file, so a report starts no import.
const REPORT_SUFFIX: &str = ".report.json";

/// Imports files of shared signals, which count in every account's scores.
#[derive(Clone, Debug)]
pub struct Importer {
    intel: Intel,
    bucket: Bucket,
    clock: Clock,
}

impl Importer {
    /// From `INTEL_TABLE` and `BUCKET`.
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let intel = Intel::new(&Dynamo::new(aws), env.required("INTEL_TABLE")?);
        Ok(Self {
            intel,
            bucket: Bucket::new(aws.clone(), env.required("BUCKET")?),
            clock,
        })
    }

    /// Imports the files that an S3 notification names, as far as the time goes. Importing a file again changes nothing, so a
    /// notification may be delivered again after a partial import.
    pub async fn handle(&self, message: &str, Deadline(ends): Deadline) -> Result<(), Failure> {
        let stop = ends - MARGIN;
        for key in runtime::created_objects(message)? {
            if !key.ends_with(REPORT_SUFFIX) {
                self.import(&key, stop).await?;
            }
        }
        Ok(())
    }

    async fn import(&self, key: &str, stop: Timestamp) -> Result<(), Failure> {
        let now = self.clock.now();
        let mut report = Report::new(key.to_owned(), whole_second(now));
        match self.bucket.get(key, MAX_BYTES).await {
            Ok(object) => {
                report.etag = object.etag;
                match ImportFile::open(key, &object.body) {
                    Ok(file) => self.store(file, now, stop, &mut report).await?,
                    Err(error) => report.refuse(error),
                }
            }
            Err(error @ BlobError::TooLarge { .. }) => report.refuse(error.to_string()),
            Err(BlobError::NotFound(_)) => {
                tracing::warn!(object = key, "the file was deleted before it was imported");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        self.bucket
            .put(
                &format!("{key}{REPORT_SUFFIX}"),
                "application/json",
                serde_json::to_vec_pretty(&report)?,
            )
            .await?;
        let Report {
            lines,
            stored,
            updated,
            unchanged,
            failed,
            ..
        } = report;
        tracing::info!(
            object = key,
            lines,
            stored,
            updated,
            unchanged,
            failed,
            "file imported"
        );
        Ok(())
    }

    /// Checks every line before it writes any, so that a file that cannot be read changes nothing.
    async fn store(
        &self,
        mut file: ImportFile<'_>,
        now: Timestamp,
        stop: Timestamp,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let index = match Index::of(&mut file, now, report) {
            Ok(index) => index,
            Err(error) => {
                report.refuse(error);
                return Ok(());
            }
        };
        report.companies = index.companies();
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
                        report.count(line, outcome);
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
    file: &mut ImportFile<'_>,
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
