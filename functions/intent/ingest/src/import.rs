use std::collections::BTreeMap;
use std::sync::Arc;

use aws_types::SdkConfig;
use blob::{BlobError, Bucket};
use config::Env;
use futures::{StreamExt, stream};
use intent::Signal;
use intent_store::{Intel, Outcome};
use runtime::Failure;
use store::{Dynamo, Owner};
use types::{Clock, Domain, Timestamp, whole_second};

use crate::import_file;
use crate::report::Report;

/// Bytes that an import file may have.
const MOST_BYTES: u64 = 100_000_000;
/// Companies that are written at once.
const AT_ONCE: usize = 16;
/// What a report's key ends in. It does not end like an import file, so that it starts no import.
const REPORT: &str = ".report.json";

/// Imports files of signals that everyone sees.
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

    /// Imports the files that an S3 notification tells of. To import a file again changes nothing, so an import that
    /// ended half way is simply delivered again.
    pub async fn handle(&self, message: &str) -> Result<(), Failure> {
        for key in runtime::created_objects(message)? {
            if !key.ends_with(REPORT) {
                self.import(&key).await?;
            }
        }
        Ok(())
    }

    async fn import(&self, key: &str) -> Result<(), Failure> {
        let now = self.clock.now();
        let mut report = Report::new(key.to_owned(), whole_second(now));
        match self.bucket.get(key, MOST_BYTES).await {
            Ok(object) => {
                report.etag = object.etag;
                match import_file::read(key, &object.body, now) {
                    Ok(lines) => self.store(lines, now, &mut report).await?,
                    Err(error) => report.error = Some(error),
                }
            }
            Err(error @ BlobError::TooLarge { .. }) => report.error = Some(error.to_string()),
            Err(BlobError::NotFound(_)) => {
                tracing::warn!(object = key, "the file was deleted before it was imported");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        self.bucket
            .put(
                &format!("{key}{REPORT}"),
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

    async fn store(
        &self,
        lines: import_file::Lines,
        now: Timestamp,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let mut companies: BTreeMap<Domain, Vec<Signal>> = BTreeMap::new();
        report.lines = lines.len();
        for line in lines {
            match line {
                Ok((domain, signal)) => companies.entry(domain).or_default().push(signal),
                Err(error) => report.fail(error),
            }
        }
        report.companies = companies.len();
        let mut written = stream::iter(companies)
            .map(async |(domain, signals)| {
                self.intel
                    .add_signals(&domain, Owner::Public, &signals, now)
                    .await
            })
            .buffer_unordered(AT_ONCE);
        while let Some(outcomes) = written.next().await {
            for outcome in outcomes? {
                match outcome {
                    Outcome::Stored => report.stored += 1,
                    Outcome::Updated => report.updated += 1,
                    Outcome::Unchanged => report.unchanged += 1,
                }
            }
        }
        Ok(())
    }
}
