use api::{ApiError, Caller, Idempotent, OptionalJson};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{EventId, whole_second};
use webhook_store::{API_VERSION, DeliveryRow, Notification, event_types};

use crate::answer::DeliveryAnswer;
use crate::form::known_events;
use crate::{App, PathId, named};

/// What to send.
#[derive(Debug, Default, JsonSchema, Deserialize)]
#[schemars(rename = "TestWebhookForm")]
#[serde(deny_unknown_fields, expecting = "a test is a JSON object")]
pub(crate) struct TestForm {
    /// The type of event; the first that the webhook is sent, if it is left out.
    #[schemars(extend("example" = "score_change"))]
    event: Option<String>,
}

#[derive(Debug, Serialize)]
struct Test {
    webhook: String,
    event: Option<String>,
}

/// `POST …/webhooks/{webhook_id}/test`: sends an example of an event, marked as a test.
pub(crate) async fn test(
    State(app): State<App>,
    caller: Caller,
    id: PathId,
    OptionalJson(form): OptionalJson<TestForm>,
) -> Result<Idempotent<(StatusCode, Json<DeliveryAnswer>)>, ApiError> {
    let input = form.and_then(|form| Ok((named(id)?, form.event)));
    let (call, (id, event)) = caller.authorize(input).await?;
    let content = Test {
        webhook: id.to_string(),
        event: event.clone(),
    };
    call.once(&content, async |call, seed| {
        let call = call.admit().await?;
        let (account, product) = (call.account(), call.product());
        if let Some(event) = &event {
            known_events(product, std::slice::from_ref(event))?;
        }
        let webhook = app.found(account, product, id).await?;
        let kind = event.as_ref().or(webhook.config.events.first());
        let types = event_types(product);
        let example = types.iter().find(|known| Some(&known.name) == kind);
        let example = example.ok_or_else(crate::unknown)?;
        let (event, now) = (
            seed.id::<types::Event>(),
            whole_second(app.context.clock().now()),
        );
        let body = test_body(event, now, &example.name, &example.example)?;
        let new = DeliveryRow::new((account, product, id), (event, &example.name, now), body);
        app.deliveries.create(&new).await?;
        Ok((StatusCode::ACCEPTED, Json(DeliveryAnswer::from(&new))))
    })
    .await
}

fn test_body(
    id: EventId,
    created_at: types::Timestamp,
    kind: &str,
    data: &serde_json::Value,
) -> Result<String, ApiError> {
    let notification = Notification {
        id,
        kind,
        created_at,
        api_version: API_VERSION,
        test: true,
        data,
    };
    serde_json::to_string(&notification).map_err(|error| ApiError::internal(&error))
}
