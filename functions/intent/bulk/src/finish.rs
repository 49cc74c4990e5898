use api::ApiError;
use blob::BlobError;
use endpoints::intent::SCORE_PRICE;
use futures::{StreamExt, TryStreamExt, stream};
use intent_store::{ScoreFiles, ScoreJob};
use store::StoreError;
use tabular::companies::Upload;
use types::{Timestamp, unique, whole_second};
use workspace::{Finish, Job, JobState};

use crate::part::{Part, RowAnswer};
use crate::worker::MOST_JSON;
use crate::{Jobs, KEPT_DAYS, objects, result_csv, stored};

/// Seconds that whoever finishes a job has for it. Finishing takes about one; the rest is for a slow day.
const LEASE: i64 = 60;
/// Parts that are read at once.
const AT_ONCE: usize = 8;

/// A job could not be finished. Its row is as it was, and another attempt goes on from there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FinishError {
    #[error("the tables did not answer")]
    Store(#[from] StoreError),
    #[error("the job's files did not answer")]
    Blob(#[from] BlobError),
    #[error("a file of the job cannot be read")]
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
    /// that settles its credits. Returns the job as it is then; not final if another holds the lease.
    ///
    /// The files' names carry the lease. A slow attempt whose lease went to another writes files nobody is pointed to,
    /// and its transaction fails.
    pub(crate) async fn finish(
        &self,
        job: &Job<ScoreJob>,
        now: Timestamp,
    ) -> Result<Job<ScoreJob>, FinishError> {
        let lease = unique(now);
        let until = Timestamp::from_second(now.as_second() + LEASE).unwrap_or(now);
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
        let (answers, files) = match self.upload(job).await? {
            Some(upload) => {
                let answers = self.answers(job).await?;
                let files = result_csv::write(&upload, &answers);
                let result_key = self.put(job, lease, "scores", files.scores).await?;
                let errors_key = match files.errors {
                    Some(errors) => Some(self.put(job, lease, "errors", errors).await?),
                    None => None,
                };
                let files = ScoreFiles {
                    result_key: Some(result_key),
                    errors_key,
                };
                (answers, files)
            }
            // It lay so long that its files are gone: nothing is delivered, and nothing charged.
            None => (vec![Some(RowAnswer::Failed); valid], ScoreFiles::default()),
        };
        let finish = outcome(job, &answers, files, now);
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
            .get(&objects::upload(job.account, job.job), MOST_JSON)
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

    /// The answers in the order of the upload's domains; none where a chunk was not counted.
    async fn answers(&self, job: &Job<ScoreJob>) -> Result<Vec<Option<RowAnswer>>, FinishError> {
        let parts: Vec<(u64, Part)> = stream::iter(job.chunks_done.iter().copied())
            .map(async |chunk| {
                let part = self
                    .bucket
                    .get(&objects::part(job.account, job.job, chunk), MOST_JSON)
                    .await?;
                Ok::<_, FinishError>((chunk, serde_json::from_slice(&part.body)?))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let mut answers = vec![None; usize::try_from(job.work.rows_valid).unwrap_or(0)];
        for (chunk, part) in parts {
            let first = job.work.rows_of(chunk).map_or(0, |rows| rows.start);
            for (slot, answer) in answers.iter_mut().skip(first).zip(part) {
                *slot = Some(answer);
            }
        }
        Ok(answers)
    }
}

/// How a job with these answers ends. Rows and credits are counted from the same answers that the result is made of.
fn outcome(
    job: &Job<ScoreJob>,
    answers: &[Option<RowAnswer>],
    files: ScoreFiles,
    now: Timestamp,
) -> Finish<ScoreFiles> {
    let count = |is: fn(&RowAnswer) -> bool| {
        answers.iter().flatten().filter(|answer| is(answer)).count() as u64
    };
    let failed = count(|answer| *answer == RowAnswer::Failed);
    let done = count(|answer| *answer != RowAnswer::Failed);
    let state = match (job.cancel_requested_at, done) {
        (Some(_), _) => JobState::Cancelled,
        (None, 0) => JobState::Failed,
        (None, _) => JobState::Done,
    };
    Finish {
        state,
        units_done: done,
        units_failed: failed,
        charged: SCORE_PRICE.times(count(RowAnswer::is_charged)),
        outcome: files,
        expires: Timestamp::from_second(now.as_second() + KEPT_DAYS * 86_400).unwrap_or(now),
    }
}
