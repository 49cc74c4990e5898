use accounts::Meter;
use api::{ApiError, Caller, Code, Idempotent, Origin, Seed};
use axum::Json;
use axum::extract::{Request, State};
use endpoints::intent::SCORE_PRICE;
use http::StatusCode;
use intent_store::{ScoreFiles, ScoreJob};
use serde::Serialize;
use serde_json::json;
use store::StoreError;
use tabular::companies::{Counts, Upload};
use types::{AccountId, Chain, JobId, Timestamp, whole_second};
use workspace::{Job, NewJob, Submitted};

use crate::answer::JobAnswer;
use crate::stored::Stored;
use crate::upload::read_upload;
use crate::{App, Jobs, MAX_ACTIVE_JOBS, objects};

/// `Retry-After` for a caller with too many unfinished jobs, in seconds.
const RETRY_AFTER_SECONDS: i64 = 10;

/// `POST /api/v1/score/bulk`: submits a job.
pub(crate) async fn submit(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    request: Request,
) -> Result<Idempotent<(StatusCode, Json<JobAnswer>)>, ApiError> {
    let upload = read_upload(request).await;
    let (call, upload) = caller.authorize(upload).await?;
    call.once(&fingerprint(&upload), async |call, seed| {
        let call = call.admit().await?;
        let stored = Stored::of(&upload).map_err(|error| ApiError::internal(&error))?;
        let now = app.context.clock().now();
        let job = new_job(call.account(), seed.id(), upload.counts(), &stored, now);
        let jobs = &app.jobs;
        let job = if let Some(job) = jobs.created_before(seed, &job).await? {
            job
        } else {
            jobs.create(seed, job, stored.object, call.meter()).await?
        };
        Ok((StatusCode::ACCEPTED, Json(JobAnswer::of(&job, &origin))))
    })
    .await
}

/// What an idempotent retry has to repeat: the parsed file, whatever the encoding of the request.
fn fingerprint(upload: &Upload) -> impl Serialize {
    let rows = upload.rows.iter().map(|row| &row.fields);
    (&upload.columns, rows.collect::<Vec<_>>())
}

impl Jobs {
    /// The job, if an earlier run of the same request has created it.
    async fn created_before(
        &self,
        seed: Seed,
        job: &Job<ScoreJob>,
    ) -> Result<Option<Job<ScoreJob>>, StoreError> {
        if seed.is_inherited() {
            self.workspace.job(job.account, job.job).await
        } else {
            Ok(None)
        }
    }

    /// Creates a job. The upload is stored before the transaction that reserves its credits: a crash between the two leaves
    /// only an object, which the bucket's lifecycle deletes.
    async fn create(
        &self,
        seed: Seed,
        job: Job<ScoreJob>,
        object: Vec<u8>,
        meter: &Meter,
    ) -> Result<Job<ScoreJob>, ApiError> {
        affordable(meter, &job)?;
        let key = objects::upload(job.account, job.job);
        self.bucket
            .put(&key, "application/x-ndjson", object)
            .await?;
        let new = NewJob {
            row: job.clone(),
            max_active: MAX_ACTIVE_JOBS,
        };
        let Submitted::No(meter) = self.workspace.submit_job(new, meter).await? else {
            return Ok(job);
        };
        if seed.is_shared() {
            // Another run of the same request may have just created the job, or may be about to, and needs the upload.
            if let Some(job) = self.workspace.job(job.account, job.job).await? {
                return Ok(job);
            }
        } else if let Err(error) = self.bucket.delete(&key).await {
            tracing::warn!(job.id = %job.job, error = %Chain(&error), "an upload without a job could not be deleted; the bucket's lifecycle will delete it");
        }
        affordable(&meter, &job)?;
        // The limit or balance that blocked the transaction has changed since.
        Err(ApiError::new(
            Code::LimitReached,
            "another job was submitted concurrently; try again",
        )
        .reason("concurrency")
        .retry_after(1))
    }
}

fn new_job(
    account: AccountId,
    job: JobId,
    counts: Counts,
    stored: &Stored,
    now: Timestamp,
) -> Job<ScoreJob> {
    let work = ScoreJob {
        rows_total: counts.total as u64,
        rows_valid: counts.valid as u64,
        rows_invalid: counts.invalid as u64,
        rows_duplicate: counts.duplicate as u64,
        chunk_rows: stored.chunk_rows as u64,
        chunk_ends: stored.chunk_ends.clone(),
        files: ScoreFiles::default(),
    };
    let chunks = stored.chunk_ends.len() as u64;
    let price = SCORE_PRICE.times(work.rows_valid);
    Job::queued((account, job), chunks, price, whole_second(now), work)
}

/// Checks what the transaction checks, to reject early and with a reason.
fn affordable(meter: &Meter, job: &Job<ScoreJob>) -> Result<(), ApiError> {
    if meter.is_suspended() {
        return Err(ApiError::suspended());
    }
    if meter.jobs_active >= MAX_ACTIVE_JOBS {
        let message = format!(
            "{MAX_ACTIVE_JOBS} bulk jobs are unfinished; wait for one to end, or cancel one"
        );
        let error = ApiError::new(Code::LimitReached, message)
            .reason("concurrency")
            .with("limit", MAX_ACTIVE_JOBS);
        return Err(error.retry_after(RETRY_AFTER_SECONDS));
    }
    let needed = job.reserved();
    if meter.credits < needed {
        let balance = meter.credits;
        let message = format!(
            "this file needs {needed} credits and {balance} are left; top up, or send fewer rows"
        );
        let error = ApiError::new(Code::InsufficientCredits, message);
        return Err(error
            .with("required", json!(needed))
            .with("balance", json!(balance)));
    }
    Ok(())
}
