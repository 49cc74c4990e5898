use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{App, PathId, named, unknown};

/// The response to a removal.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Removed")]
pub(crate) struct Removed {
    /// Always true.
    success: bool,
}

impl Removed {
    pub(crate) const YES: Self = Self { success: true };
}

/// `DELETE /api/v1/scoring-profiles/{profile_id}`: deletes a profile.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<Removed>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    if app.profiles.remove(call.account(), id).await? {
        Ok(Json(Removed::YES))
    } else {
        Err(unknown())
    }
}
