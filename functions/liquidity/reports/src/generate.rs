use api::{ApiError, Caller, Idempotent, JsonBody, Origin};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use types::whole_second;
use workspace::ReportRow;

use crate::App;
use crate::answer::GeneratedAnswer;
use crate::data::Reported;
use crate::form::ReportForm;

/// `POST /api/reports/generate`: makes a report.
pub(crate) async fn generate(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    JsonBody(form): JsonBody<ReportForm>,
) -> Result<Idempotent<(StatusCode, Json<GeneratedAnswer>)>, ApiError> {
    let (call, id) = caller.authorize(form.and_then(ReportForm::parse)).await?;
    call.once(&id.to_string(), async |call, seed| {
        let (call, all) = call.admit_while(|_| app.protocols.all()).await?;
        let limit = call.allowance()?.limit();
        let reported = Reported::find(all, id)?;
        let now = whole_second(app.context.clock().now());
        let (slug, name) = (&reported.protocol.slug, &reported.protocol.name);
        let new = ReportRow::new(seed.id(), slug.as_str(), name, now);
        let (row, token) = app.make(call.account(), new, &reported, limit).await?;
        let answer = GeneratedAnswer::of(&row, &token, &origin);
        Ok((StatusCode::CREATED, Json(answer)))
    })
    .await
}
