use api::{ApiError, Caller};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use types::ProtocolSlug;

use crate::App;
use crate::answer::ProtocolAnswer;

/// `GET /api/v1/protocols/{slug}`: one protocol.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    slug: Result<Path<String>, PathRejection>,
) -> Result<Json<ProtocolAnswer>, ApiError> {
    let (call, slug) = caller.authorize(named(slug)).await?;
    let (_, found) = call.admit_while(|_| app.protocols.find(&slug)).await?;
    let protocol = found.ok_or_else(unknown)?;
    Ok(Json(protocol.into()))
}

/// The slug in the path. Text that cannot be one names no protocol.
fn named(path: Result<Path<String>, PathRejection>) -> Result<ProtocolSlug, ApiError> {
    let Path(text) = path.map_err(|_| unknown())?;
    text.parse().map_err(|_| unknown())
}

fn unknown() -> ApiError {
    ApiError::not_found("protocol")
}
