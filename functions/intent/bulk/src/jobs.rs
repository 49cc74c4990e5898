use std::time::Duration;

use api::{ApiError, Caller, Origin};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use intent_store::ScoreJob;
use store::StoreError;
use types::{AccountId, JobId, Timestamp, whole_second};
use workspace::Job;

use crate::answer::{JobAnswer, Links};
use crate::{App, Jobs};

/// Lifetime of a download link.
const LINK_LIFETIME: Duration = Duration::from_hours(1);

/// `GET /api/v1/score/bulk/{job_id}`: returns a job, with download links once it has ended.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<JobAnswer>, ApiError> {
    let (call, id) = caller.authorize(job_id(id)).await?;
    let call = call.admit().await?;
    let now = app.context.clock().now();
    let job = app.jobs.find(call.account(), id, now).await?;
    answer(&app.jobs, &job, &origin, now).await
}

/// `POST /api/v1/score/bulk/{job_id}/cancel`: cancels a job. Processed rows stay and are charged, the rest is refunded.
/// Cancelling a job that has ended changes nothing.
pub(crate) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<JobAnswer>, ApiError> {
    let (call, id) = caller.authorize(job_id(id)).await?;
    let call = call.admit().await?;
    let now = app.context.clock().now();
    let job = app.jobs.find(call.account(), id, now).await?;
    let job = app
        .jobs
        .workspace
        .cancel_job(job.account, job.job, whole_second(now))
        .await?;
    // A worker may be finishing it now, or later; then a later poll shows the final state.
    let job = if job.is_ready_to_finish() {
        app.jobs.finish(&job, now).await?
    } else {
        job
    };
    answer(&app.jobs, &job, &origin, now).await
}

impl Jobs {
    async fn find(
        &self,
        account: AccountId,
        job: JobId,
        now: Timestamp,
    ) -> Result<Job<ScoreJob>, ApiError> {
        let found: Result<Option<Job<ScoreJob>>, StoreError> =
            self.workspace.job(account, job).await;
        found?
            .filter(|job| job.is_kept(now))
            .ok_or_else(|| ApiError::not_found("bulk job"))
    }
}

fn job_id(id: Result<Path<String>, PathRejection>) -> Result<JobId, ApiError> {
    // Malformed ids are not found.
    id.ok()
        .and_then(|Path(id)| id.parse().ok())
        .ok_or_else(|| ApiError::not_found("bulk job"))
}

async fn answer(
    jobs: &Jobs,
    job: &Job<ScoreJob>,
    origin: &Origin,
    now: Timestamp,
) -> Result<Json<JobAnswer>, ApiError> {
    let mut answer = JobAnswer::of(job, origin);
    let files = &job.work.files;
    if let Some(result) = &files.result_key {
        let link = async |key: &str, name: &str| {
            jobs.bucket
                .presigned_url(key, &format!("{}-{name}.csv", job.job), now, LINK_LIFETIME)
                .await
        };
        let errors_url = match &files.errors_key {
            Some(errors) => Some(link(errors, "errors").await?),
            None => None,
        };
        let expires = now.as_second() + i64::try_from(LINK_LIFETIME.as_secs()).unwrap_or(0);
        answer.links = Some(Links {
            download_url: link(result, "scores").await?,
            errors_url,
            expires_at: Timestamp::from_second(expires).unwrap_or(now),
        });
    }
    Ok(Json(answer))
}
