use api::ApiError;
use blob::BlobError;
use endpoints::intent::SCORE_PRICE;
use futures::{StreamExt, TryStreamExt, stream};
use intent_store::{ScoreFiles, ScoreJob};
use store::StoreError;
use tabular::companies::Upload;
use types::{Timestamp, unique, whole_second};
use workspace::{Finish, Job, JobState};

use crate::part::{Part, RowResult};
use crate::worker::MAX_JSON_BYTES;
use crate::{Jobs, RETENTION_DAYS, objects, result_csv, stored};

/// How long a worker may take to finish a job, in seconds. It usually takes about one.
const LEASE_SECONDS: i64 = 60;
/// Parts read concurrently.
const CONCURRENCY: usize = 8;

/// A job could not be finished. Its row is unchanged, so another attempt can continue.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FinishError {
    #[error("a table request failed")]
    Store(#[from] StoreError),
    #[error("a request for the job's files failed")]
    Blob(#[from] BlobError),
    #[error("a file of the job cannot be parsed")]
    File(#[from] serde_json::Error),
}

impl From<FinishError> for ApiError {
    fn from(error: FinishError) -> Self {
        match error {
            FinishError::Store(error) => error.into(),
            FinishError::Blob(error) => error.into(),
            FinishError::File(error) => Self::internal(&error),
        }
    }
}

impl Jobs {
    /// Finishes a job that is ready for it: takes the lease, writes the result, and ends the job in one transaction
    /// that settles its credits. Returns the job as it then is; not final if another worker holds the lease.
    ///
    /// Object keys contain the lease. A slow attempt that lost its lease writes files that no row refers to, and its
    /// transaction fails.
    pub(crate) async fn finish(
        &self,
        job: &Job<ScoreJob>,
        now: Timestamp,
    ) -> Result<Job<ScoreJob>, FinishError> {
        let lease = unique(now);
        let until = Timestamp::from_second(now.as_second() + LEASE_SECONDS).unwrap_or(now);
        match self
            .workspace
            .lease_job(job.account, job.job, &lease, now, until)
            .await
        {
            Ok(leased) => match self.write_result(&leased, &lease, now).await {
                Ok(()) | Err(FinishError::Store(StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            },
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self
            .workspace
            .job(job.account, job.job)
            .await?
            .unwrap_or_else(|| job.clone()))
    }

    async fn write_result(
        &self,
        job: &Job<ScoreJob>,
        lease: &str,
        now: Timestamp,
    ) -> Result<(), FinishError> {
        let valid = usize::try_from(job.work.rows_valid).unwrap_or(0);
        let (results, files) = match self.upload(job).await? {
            Some(upload) => {
                let results = self.results(job).await?;
                let files = result_csv::write(&upload, &results);
                let result_key = self.put(job, lease, "scores", files.scores).await?;
                let errors_key = match files.errors {
                    Some(errors) => Some(self.put(job, lease, "errors", errors).await?),
                    None => None,
                };
                let files = ScoreFiles {
                    result_key: Some(result_key),
                    errors_key,
                };
                (results, files)
            }
            // The bucket's lifecycle has deleted the upload: nothing is delivered, and nothing is charged.
            None => (vec![Some(RowResult::Failed); valid], ScoreFiles::default()),
        };
        let finish = outcome(job, &results, files, now);
        let state = finish.state;
        self.workspace
            .finish_job(job, &finish, whole_second(now))
            .await?;
        tracing::info!(account.id = %job.account, job.id = %job.job, ?state, rows.done = finish.units_done, "job ended");
        Ok(())
    }

    async fn upload(&self, job: &Job<ScoreJob>) -> Result<Option<Upload>, FinishError> {
        match self
            .bucket
            .get(&objects::upload(job.account, job.job), MAX_JSON_BYTES)
            .await
        {
            Ok(upload) => Ok(Some(stored::read(&upload.body)?)),
            Err(BlobError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn put(
        &self,
        job: &Job<ScoreJob>,
        lease: &str,
        name: &str,
        body: Vec<u8>,
    ) -> Result<String, FinishError> {
        let key = objects::output(job.account, job.job, lease, name);
        self.bucket
            .put(&key, "text/csv; charset=utf-8", body)
            .await?;
        Ok(key)
    }

    /// The results in the order of the upload's domains; `None` where a chunk was not counted.
    async fn results(&self, job: &Job<ScoreJob>) -> Result<Vec<Option<RowResult>>, FinishError> {
        let parts: Vec<(u64, Part)> = stream::iter(job.chunks_done.iter().copied())
            .map(async |chunk| {
                let part = self
                    .bucket
                    .get(&objects::part(job.account, job.job, chunk), MAX_JSON_BYTES)
                    .await?;
                Ok::<_, FinishError>((chunk, serde_json::from_slice(&part.body)?))
            })
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        let mut results = vec![None; usize::try_from(job.work.rows_valid).unwrap_or(0)];
        for (chunk, part) in parts {
            let first = job.work.rows_of(chunk).map_or(0, |rows| rows.start);
            for (slot, result) in results.iter_mut().skip(first).zip(part) {
                *slot = Some(result);
            }
        }
        Ok(results)
    }
}

/// The final state of a job with these results. Rows and credits are counted from the same results as the files.
fn outcome(
    job: &Job<ScoreJob>,
    results: &[Option<RowResult>],
    files: ScoreFiles,
    now: Timestamp,
) -> Finish<ScoreFiles> {
    let count = |is: fn(&RowResult) -> bool| {
        results.iter().flatten().filter(|result| is(result)).count() as u64
    };
    let failed = count(|result| *result == RowResult::Failed);
    let done = count(|result| *result != RowResult::Failed);
    let state = match (job.cancel_requested_at, done) {
        (Some(_), _) => JobState::Cancelled,
        (None, 0) => JobState::Failed,
        (None, _) => JobState::Done,
    };
    Finish {
        state,
        units_done: done,
        units_failed: failed,
        charged: SCORE_PRICE.times(count(RowResult::is_charged)),
        outcome: files,
        expires: Timestamp::from_second(now.as_second() + RETENTION_DAYS * 86_400).unwrap_or(now),
    }
}
