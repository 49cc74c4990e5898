use api::{ApiError, Caller};
use axum::Json;
use axum::extract::State;
use types::whole_second;
use webhook_store::{DisabledBy, WebhookConfig};

use crate::answer::WebhookAnswer;
use crate::{App, PathId, named};

/// `POST …/webhooks/{webhook_id}/enable`: sends it events from now on, and forgets its failures.
pub(crate) async fn enable(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<WebhookAnswer>, ApiError> {
    app.set(caller, id, true).await
}

/// `POST …/webhooks/{webhook_id}/disable`: sends it nothing until it is enabled.
pub(crate) async fn disable(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
) -> Result<Json<WebhookAnswer>, ApiError> {
    app.set(caller, id, false).await
}

impl App {
    async fn set(
        &self,
        caller: Caller,
        id: PathId,
        active: bool,
    ) -> Result<Json<WebhookAnswer>, ApiError> {
        let (call, id) = caller.authorize(named(id)).await?;
        let call = call.admit().await?;
        let before = self.found(call.account(), call.product(), id).await?;
        let now = whole_second(self.context.clock().now());
        let disabled = before.config.disabled.unwrap_or((DisabledBy::Account, now));
        let after = WebhookConfig {
            disabled: (!active).then_some(disabled),
            ..before.config.clone()
        };
        Ok(Json(self.replace(&call, before, after).await?.into()))
    }
}
