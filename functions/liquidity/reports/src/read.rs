use api::{ApiError, Caller, Origin};
use axum::Json;
use axum::extract::State;

use crate::answer::ReportAnswer;
use crate::{App, PathId, named, unknown};

/// `GET /api/reports/{report_id}`: one report, with a new link: the tokens of earlier ones are not stored.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    id: PathId,
) -> Result<Json<ReportAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let now = app.context.clock().now();
    let read = |account| app.reports.find(account, id, now);
    let (call, found) = call.admit_while(read).await?;
    let row = found.ok_or_else(unknown)?;
    let token = app.links.issue(call.account(), &row).await?;
    Ok(Json(ReportAnswer::of(row, &token, &origin)))
}
