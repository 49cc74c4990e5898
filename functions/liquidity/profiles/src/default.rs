use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;

use crate::answer::ProfileAnswer;
use crate::remove::Removed;
use crate::{App, PathId, named, unknown};

/// `PUT /api/v1/scoring-profiles/{profile_id}/default`: makes a profile the default, in place of another.
pub(crate) async fn set(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<ProfileAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    let marked = app.profiles.set_default(call.account(), id).await?;
    Ok(Json(marked.ok_or_else(unknown)?.into()))
}

/// `DELETE /api/v1/scoring-profiles/default`: leaves the account without a default.
pub(crate) async fn clear(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Removed>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let call = call.admit().await?;
    app.profiles.clear_default(call.account()).await?;
    Ok(Json(Removed::YES))
}
