use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;

use crate::answer::{WebhookAnswer, WebhookList};
use crate::{App, PathId, named, unknown};

/// `GET …/webhooks`: the webhooks.
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<WebhookList>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let call = call.admit().await?;
    let rows = app.webhooks.all(call.account(), call.product()).await?;
    let webhooks = rows.into_iter().map(WebhookAnswer::from).collect();
    Ok(Json(WebhookList { webhooks }))
}

/// `GET …/webhooks/{webhook_id}`: one webhook.
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<WebhookAnswer>, ApiError> {
    let (call, id) = caller.authorize(named(id)).await?;
    let call = call.admit().await?;
    let found = app
        .webhooks
        .find(call.account(), call.product(), id)
        .await?;
    Ok(Json(found.ok_or_else(unknown)?.into()))
}
