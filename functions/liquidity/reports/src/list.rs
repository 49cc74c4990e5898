use api::{ApiError, Caller, Params};
use axum::Json;
use axum::extract::State;
use endpoints::liquidity::{REPORT_LIST, REPORTS_LIMIT};
use http::Uri;
use schemars::JsonSchema;
use serde::Serialize;
use types::ReportId;

use crate::App;
use crate::answer::ListedReport;

/// A page of reports.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ReportPage")]
pub(crate) struct ReportPage {
    /// The newest first. A report that has expired is left out.
    reports: Vec<ListedReport>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<ReportId>,
}

struct ListQuery {
    limit: usize,
    cursor: Option<ReportId>,
}

/// `GET /api/reports`: the account's reports, without links, which only a report's own URL returns.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<ReportPage>, ApiError> {
    let (call, query) = caller.authorize(ListQuery::read(&uri)).await?;
    let now = app.context.clock().now();
    let read = |account| app.reports.page(account, query.cursor, query.limit, now);
    let (_, (rows, next_cursor)) = call.admit_while(read).await?;
    Ok(Json(ReportPage {
        reports: rows.into_iter().map(ListedReport::from).collect(),
        next_cursor,
    }))
}

impl ListQuery {
    fn read(uri: &Uri) -> Result<Self, ApiError> {
        let params = Params::read(uri, &REPORT_LIST)?;
        Ok(Self {
            limit: params.number(&REPORTS_LIMIT)?,
            cursor: params.cursor(|text| text.parse().ok())?,
        })
    }
}
