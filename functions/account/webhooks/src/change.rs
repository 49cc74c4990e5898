use api::{AdmittedCall, ApiError, Caller, JsonBody};
use axum::Json;
use axum::extract::State;
use types::whole_second;
use webhook_store::{WebhookConfig, WebhookRow};
use workspace::Change;

use crate::answer::WebhookAnswer;
use crate::create::changed_row;
use crate::form::{ChangeForm, WebhookChange, known_events};
use crate::{App, PathId, named};

/// `PATCH …/webhooks/{webhook_id}`: changes what its account sets of a webhook.
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    JsonBody(form): JsonBody<ChangeForm>,
) -> Result<Json<WebhookAnswer>, ApiError> {
    let input = form
        .and_then(|form| form.parse(app.outbound.ports()))
        .and_then(|change| Ok((named(id)?, change)));
    let (call, (id, change)) = caller.authorize(input).await?;
    let call = call.admit().await?;
    if let Some(events) = &change.events {
        known_events(call.product(), events)?;
    }
    let before = app.found(call.account(), call.product(), id).await?;
    if let Some(url) = &change.url {
        app.reachable(url).await?;
    }
    let after = app.changed(&before, change).await?;
    Ok(Json(app.replace(&call, before, after).await?.into()))
}

impl App {
    async fn changed(
        &self,
        before: &WebhookRow,
        change: WebhookChange,
    ) -> Result<WebhookConfig, ApiError> {
        let config = before.config.clone();
        Ok(WebhookConfig {
            name: change.name.unwrap_or(config.name),
            url: change.url.map_or(config.url, String::from),
            events: change.events.unwrap_or(config.events),
            headers: match change.headers {
                Change::Keep => config.headers,
                Change::Clear => None,
                Change::Set(headers) => self.sealed_headers(before.webhook, &headers).await?,
            },
            rate_limit: match change.rate_limit {
                Change::Keep => config.rate_limit,
                Change::Clear => None,
                Change::Set(limit) => Some(limit),
            },
            ..config
        })
    }

    /// Replaces what its account has set of a webhook, unless it is the same.
    pub(crate) async fn replace(
        &self,
        call: &AdmittedCall,
        before: WebhookRow,
        after: WebhookConfig,
    ) -> Result<WebhookRow, ApiError> {
        if after == before.config {
            return Ok(before);
        }
        let config = WebhookConfig {
            updated_at: whole_second(self.context.clock().now()),
            ..after
        };
        let owner = (call.account(), call.product());
        changed_row(self.webhooks.change(owner, before, config).await?)
    }
}
