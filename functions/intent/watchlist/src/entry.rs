use api::{ApiError, Caller, JsonBody};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::StatusCode;
use types::Domain;

use crate::App;
use crate::answer::EntryAnswer;
use crate::form::ChangeForm;

type Subject = Result<Path<String>, PathRejection>;

/// `GET /api/v1/watchlist/{subject}`: returns an entry.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    subject: Subject,
) -> Result<Json<EntryAnswer>, ApiError> {
    let (call, domain) = caller.authorize(company(subject)).await?;
    let call = call.admit().await?;
    let found = app.workspace.watch(call.account(), &domain).await?;
    let entry = found.ok_or_else(not_watched)?;
    Ok(Json(EntryAnswer::of(entry, app.context.clock().now())))
}

/// `PATCH /api/v1/watchlist/{subject}`: changes an entry's name or alerts.
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    subject: Subject,
    JsonBody(form): JsonBody<ChangeForm>,
) -> Result<Json<EntryAnswer>, ApiError> {
    let input = company(subject).and_then(|domain| Ok((domain, form?.parse()?)));
    let (call, (domain, change)) = caller.authorize(input).await?;
    let call = call.admit().await?;
    let changed = app
        .workspace
        .change_watch(call.account(), &domain, change)
        .await?;
    let entry = changed.ok_or_else(not_watched)?;
    Ok(Json(EntryAnswer::of(entry, app.context.clock().now())))
}

/// `DELETE /api/v1/watchlist/{subject}`: removes an entry.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    subject: Subject,
) -> Result<StatusCode, ApiError> {
    let (call, domain) = caller.authorize(company(subject)).await?;
    let call = call.admit().await?;
    let removed = app.workspace.remove_watch(call.account(), &domain).await?;
    if removed {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_watched())
    }
}

/// The company in the path. An invalid domain is not found.
fn company(subject: Subject) -> Result<Domain, ApiError> {
    let Path(subject) = subject.map_err(|_| not_watched())?;
    Domain::parse(&subject).map_err(|_| not_watched())
}

fn not_watched() -> ApiError {
    ApiError::not_found("company on the watchlist")
}
