use api::{ApiError, Caller, Origin, Params};
use axum::Json;
use axum::extract::State;
use endpoints::intent::{BULK_LIST, JOBS_LIMIT};
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;
use types::JobId;

use crate::App;
use crate::answer::JobAnswer;

/// A page of jobs, newest first.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "BulkJobPage")]
pub(crate) struct JobPage {
    /// The jobs, without links.
    jobs: Vec<JobAnswer>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<JobId>,
}

struct ListQuery {
    limit: usize,
    cursor: Option<JobId>,
}

/// `GET /api/v1/score/bulk`: lists the account's jobs, without download links, which only a job's own URL returns.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    uri: Uri,
) -> Result<Json<JobPage>, ApiError> {
    let (call, query) = caller.authorize(ListQuery::read(&uri)).await?;
    let call = call.admit().await?;
    let now = app.context.clock().now();
    let (jobs, next_cursor) = app
        .jobs
        .workspace
        .jobs(call.account(), query.cursor, query.limit)
        .await?;
    let kept = jobs.iter().filter(|job| job.is_kept(now));
    Ok(Json(JobPage {
        jobs: kept.map(|job| JobAnswer::of(job, &origin)).collect(),
        next_cursor,
    }))
}

impl ListQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &BULK_LIST)?;
        Ok(Self {
            limit: params.number(&JOBS_LIMIT)?,
            cursor: params.cursor(|text| text.parse().ok())?,
        })
    }
}
