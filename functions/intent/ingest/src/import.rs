use std::collections::BTreeMap;
use std::sync::Arc;

use aws_types::SdkConfig;
use blob::{BlobError, Bucket};
use config::Env;
use futures::{StreamExt, stream};
use intent::Signal;
use intent_store::Intel;
use runtime::Failure;
use store::{Dynamo, Owner, StoreError};
use types::{Clock, Domain, Timestamp, whole_second};

use crate::import_file::ImportFile;
use crate::index::{Entry, Index};
use crate::report::Report;

/// Bytes of an import file.
const MAX_BYTES: u64 = 100_000_000;
/// Companies written concurrently.
const CONCURRENCY: usize = 16;
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

    /// Imports the files that an S3 notification names. Importing a file again changes nothing, so a notification may be
    /// delivered again after a partial import.
    pub async fn handle(&self, message: &str) -> Result<(), Failure> {
        for key in runtime::created_objects(message)? {
            if !key.ends_with(REPORT_SUFFIX) {
                self.import(&key).await?;
            }
        }
        Ok(())
    }

    async fn import(&self, key: &str) -> Result<(), Failure> {
        let now = self.clock.now();
        let mut report = Report::new(key.to_owned(), whole_second(now));
        match self.bucket.get(key, MAX_BYTES).await {
            Ok(object) => {
                report.etag = object.etag;
                match ImportFile::open(key, &object.body) {
                    Ok(file) => self.store(file, now, &mut report).await?,
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
            let companies = page_of(&mut file, page, now)?;
            let mut written = stream::iter(companies)
                .map(async |(domain, signals)| {
                    let (lines, signals): (Vec<u64>, Vec<Signal>) = signals.into_iter().unzip();
                    let added = self
                        .intel
                        .add_signals(&domain, Owner::Public, &signals, now);
                    let outcomes = added.await?;
                    Ok::<_, StoreError>(lines.into_iter().zip(outcomes))
                })
                .buffer_unordered(CONCURRENCY);
            while let Some(outcomes) = written.next().await {
                for (line, outcome) in outcomes? {
                    report.count(line, outcome);
                }
            }
        }
        Ok(())
    }
}

/// The signals of a page of lines with their lines, by company.
fn page_of(
    file: &mut ImportFile<'_>,
    page: &[Entry],
    now: Timestamp,
) -> Result<BTreeMap<Domain, Vec<(u64, Signal)>>, Failure> {
    let mut companies: BTreeMap<Domain, Vec<(u64, Signal)>> = BTreeMap::new();
    for entry in page {
        let line = file.line_at(entry.place)?;
        let form = line.and_then(|line| line.form.ok());
        let signal = form.and_then(|form| form.parse(now).ok());
        let (domain, signal) = signal.ok_or("a valid line is not valid any more")?;
        let line = entry.place.line;
        companies.entry(domain).or_default().push((line, signal));
    }
    Ok(companies)
}
