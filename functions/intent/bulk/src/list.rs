use api::{ApiError, Caller, Origin, Params};
use axum::Json;
use axum::extract::State;
use http::Uri;
use serde::Serialize;
use types::JobId;

use crate::App;
use crate::answer::JobAnswer;

/// Jobs a page, if the caller does not say, and at the most.
const USUAL: usize = 20;
const MOST: usize = 100;

/// A page of jobs, the newest first.
#[derive(Debug, Serialize)]
pub(crate) struct JobPage {
    jobs: Vec<JobAnswer>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<JobId>,
}

struct ListQuery {
    limit: usize,
    cursor: Option<JobId>,
}

/// `GET /api/v1/score/bulk`: the account's jobs, without download links, which a job's own address gives.
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
        let params = Params::read(uri, &["limit", "cursor"])?;
        let cursor = params.optional("cursor").map(|cursor| {
            cursor.parse().map_err(|_| {
                let message = "cursor is not one of ours; give next_cursor of the page before";
                ApiError::invalid("cursor", message).reason("cursor_invalid")
            })
        });
        Ok(Self {
            limit: params.number("limit", USUAL, 1..=MOST)?,
            cursor: cursor.transpose()?,
        })
    }
}
