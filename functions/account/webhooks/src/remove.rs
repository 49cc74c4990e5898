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

/// `DELETE …/webhooks/{webhook_id}`: deletes a webhook, to which nothing is sent any more.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<Removed>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    let owner = (call.account(), call.product());
    if app.webhooks.remove(owner, id).await? {
        Ok(Json(Removed { success: true }))
    } else {
        Err(unknown())
    }
}
