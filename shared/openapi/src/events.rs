use std::collections::BTreeMap;

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use types::Product;

use crate::schemas::unwrapped;

/// The tag of the requests that callers' endpoints are sent.
pub(crate) const TAG: &str = "webhooks";

/// What callers' endpoints are sent.
#[derive(Clone, Debug)]
pub struct Events {
    /// The headers of every request.
    pub headers: Vec<EventHeader>,
    /// The types of events.
    pub types: Vec<Event>,
}

/// A type of events.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// What has happened.
    pub about: String,
    /// The products whose webhooks are sent it.
    pub products: Vec<Product>,
    /// The headers of requests with it, besides those of every request.
    pub headers: Vec<EventHeader>,
    /// The schema of the body.
    pub body: Schema,
    /// A body.
    pub example: Value,
}

/// A header of a request to a caller's endpoint.
#[derive(Clone, Debug)]
pub struct EventHeader {
    /// Its name.
    pub name: &'static str,
    /// What it says, and what to do with it.
    pub about: &'static str,
    /// The schema of its value.
    pub schema: Schema,
    /// A value.
    pub example: Value,
}

/// Makes the types of events, with schemas by a generator.
pub(crate) type EventsOf = fn(&mut SchemaGenerator) -> Events;

/// The responses of callers' endpoints: the component, the statuses that it is for, and what becomes of the delivery.
const RESPONSES: [(&str, &[&str], &str); 4] = [
    (
        "EventDelivered",
        &["2XX"],
        "Delivered: any 2xx within 15 seconds. Of the body the first 500 characters are kept with the attempt.",
    ),
    (
        "EventGone",
        &["410"],
        "Gone: ends the attempts, and disables the webhook.",
    ),
    (
        "EventPutOff",
        &["429", "503"],
        "Failed: attempted again, and not before the time in `Retry-After`, up to an hour.",
    ),
    (
        "EventFailed",
        &["default"],
        "Failed: attempted again, up to eight times within about 27 hours. Redirects are not followed.",
    ),
];

/// The requests by the name of the type of events.
pub(crate) fn webhooks(events: &Events) -> BTreeMap<&str, Value> {
    let types = events.types.iter();
    let webhooks = types.map(|event| (&*event.name, json!({ "post": webhook(event, events) })));
    webhooks.collect()
}

fn webhook(event: &Event, events: &Events) -> Value {
    let common = events
        .headers
        .iter()
        .map(|header| reference("parameters", header.name));
    let own = event.headers.iter().map(parameter);
    let about = [unwrapped(&event.about), sent_to(&event.products)];
    json!({
        "operationId": format!("event_{}", event.name.replace('.', "_")),
        "summary": event.name,
        "description": about.join("\n\n"),
        "tags": [TAG],
        "security": [],
        "parameters": common.chain(own).collect::<Vec<_>>(),
        "requestBody": {
            "required": true,
            "content": {
                "application/json": {
                    "schema": reference("schemas", &schema_name(event)),
                    "example": event.example,
                },
            },
        },
        "responses": responses_by_status(),
    })
}

fn sent_to(products: &[Product]) -> String {
    let names = products.iter().map(|product| format!("`{product}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    format!("Sent to webhooks of {names}.")
}

fn responses_by_status() -> Map<String, Value> {
    let statuses = RESPONSES.iter().flat_map(|(name, statuses, _)| {
        let with = |status: &&str| ((*status).to_owned(), reference("responses", name));
        statuses.iter().map(with)
    });
    statuses.collect()
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn parameter(header: &EventHeader) -> Value {
    json!({
        "name": header.name,
        "in": "header",
        "required": true,
        "description": header.about,
        "schema": header.schema,
        "example": header.example,
    })
}

/// The components of the headers that every request has.
pub(crate) fn parameters(events: &Events) -> Map<String, Value> {
    let headers = events.headers.iter();
    let components = headers.map(|header| (header.name.to_owned(), parameter(header)));
    components.collect()
}

/// The components of the responses.
pub(crate) fn responses() -> Map<String, Value> {
    let responses = RESPONSES.iter().map(|(name, statuses, about)| {
        let mut response = json!({ "description": about });
        if let (true, Value::Object(response)) = (statuses.contains(&"503"), &mut response) {
            let retry_after = json!({
                "description": "Seconds, or a date.",
                "schema": { "type": "string" },
                "example": "120",
            });
            response.insert("headers".to_owned(), json!({ "Retry-After": retry_after }));
        }
        ((*name).to_owned(), response)
    });
    responses.collect()
}

/// The name of the schema of a type's bodies: `ScoreChangeEvent` for `score_change`.
pub(crate) fn schema_name(event: &Event) -> String {
    let words = event.name.split(['.', '_']).map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        [&*first.to_ascii_uppercase(), rest].concat()
    });
    words.chain(["Event".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_words() {
        let named = |name: &str| Event {
            name: name.to_owned(),
            about: String::new(),
            products: vec![Product::Intent, Product::Portal],
            headers: Vec::new(),
            body: Schema::default(),
            example: Value::Null,
        };
        let event = named("key.rotation_due");
        assert_eq!(schema_name(&event), "KeyRotationDueEvent");
        let events = Events {
            headers: Vec::new(),
            types: vec![event],
        };
        let post = &webhooks(&events)["key.rotation_due"]["post"];
        assert_eq!(post["operationId"], "event_key_rotation_due");
        assert_eq!(
            post["description"],
            "\n\nSent to webhooks of `intent`, `portal`."
        );
    }
}
