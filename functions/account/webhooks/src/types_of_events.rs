use api::{ApiError, Caller};
use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use webhook_store::event_types;

/// The types of events that webhooks are sent.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "EventTypeList")]
pub(crate) struct EventTypeList {
    /// Those of the product first, then those of the account.
    event_types: Vec<EventTypeAnswer>,
}

/// A type of events.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "EventType")]
struct EventTypeAnswer {
    /// Its name, by which webhooks subscribe to it.
    name: String,
    /// What has happened.
    description: String,
    /// The JSON Schema (2020-12) of `data` in the body.
    schema: Value,
    /// An example of `data`.
    example: Value,
}

/// `GET …/event-types`: the types of events.
pub(crate) async fn list(caller: Caller) -> Result<Json<EventTypeList>, ApiError> {
    let (call, ()) = caller.authorize(Ok(())).await?;
    let call = call.admit().await?;
    let types = event_types(call.product()).into_iter();
    let event_types = types.map(|known| EventTypeAnswer {
        name: known.name,
        description: known.description,
        schema: known.schema,
        example: known.example,
    });
    Ok(Json(EventTypeList {
        event_types: event_types.collect(),
    }))
}
