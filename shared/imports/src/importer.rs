use blob::{BlobError, Bucket};
use runtime::Failure;
use types::{Timestamp, whole_second};

use crate::file::{ImportFile, ImportForm};
use crate::report::{REPORT_SUFFIX, Report};

/// Bytes of an import file.
const MAX_BYTES: u64 = 100_000_000;

/// Stores what the files of a product say.
pub trait Importer {
    /// A line of them.
    type Form: ImportForm;

    /// Stores what a file says, as far as the time goes, and counts it. Storing it again changes nothing, so a file may be delivered
    /// again after it was stored in part.
    fn store(
        &self,
        file: ImportFile<'_, Self::Form>,
        times: Times,
        report: &mut Report,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// When an import is made, and when it has to end.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Its time.
    pub now: Timestamp,
    /// From when on nothing new is begun.
    pub stop: Timestamp,
}

/// Imports a file, and writes the report on it.
pub async fn import<I: Importer + Sync>(
    importer: &I,
    bucket: &Bucket,
    key: &str,
    times: Times,
) -> Result<(), Failure> {
    let mut report = Report::new(key.to_owned(), whole_second(times.now));
    match bucket.get(key, MAX_BYTES).await {
        Ok(object) => {
            report.etag = object.etag;
            match ImportFile::open(key, &object.body) {
                Ok(file) => importer.store(file, times, &mut report).await?,
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
    let written = serde_json::to_vec_pretty(&report)?;
    bucket
        .put(
            &format!("{key}{REPORT_SUFFIX}"),
            "application/json",
            written,
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
