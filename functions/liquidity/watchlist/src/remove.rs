use api::{ApiError, Caller};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Serialize;
use types::ProtocolSlug;

use crate::App;

/// The response to a removal.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Removed")]
pub(crate) struct Removed {
    /// Always true.
    success: bool,
}

/// `DELETE /api/v1/watchlist/{subject}`: no longer watches a protocol.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    slug: Result<Path<String>, PathRejection>,
) -> Result<Json<Removed>, ApiError> {
    let (call, slug) = caller.authorize(named(slug)).await?;
    let call = call.admit().await?;
    let was_there = app.watchlists.remove(call.account(), slug.as_str()).await?;
    if was_there {
        Ok(Json(Removed { success: true }))
    } else {
        Err(not_watched())
    }
}

/// The slug in the path. Text that cannot be one is on no watchlist.
fn named(path: Result<Path<String>, PathRejection>) -> Result<ProtocolSlug, ApiError> {
    let Path(text) = path.map_err(|_| not_watched())?;
    text.parse().map_err(|_| not_watched())
}

fn not_watched() -> ApiError {
    ApiError::not_found("protocol on the watchlist")
}
