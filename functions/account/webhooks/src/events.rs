use std::collections::BTreeMap;

use openapi::{Event, EventHeader, Events};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use types::{DeliveryId, EventId, Timestamp};
use webhook::{Secret, Signed};
use webhook_store::{API_VERSION, EventType, Notification, event_types_by};

use crate::description::ENDPOINTS;

/// The secret that the examples are signed with.
const SECRET: &str = "whsec_FdhuSaYt8SiZwdiZx9KxXdBoujTJfSy7Ae8tOWZrzvo=";

/// What the API's description says of the requests that webhooks are sent.
pub fn events(generator: &mut SchemaGenerator) -> Events {
    let mut types: BTreeMap<String, Event> = BTreeMap::new();
    for product in ENDPOINTS.iter().filter_map(|of| of.list.product) {
        for known in event_types_by(generator, product) {
            let event = types.entry(known.name.clone());
            let event = event.or_insert_with(|| event_of(generator, known));
            event.products.push(product);
        }
    }
    let types: Vec<Event> = types.into_values().collect();
    Events {
        headers: headers(generator, types.first()),
        types,
    }
}

fn event_of(generator: &mut SchemaGenerator, known: EventType) -> Event {
    let kind = json_schema!({ "type": "string", "const": known.name });
    Event {
        body: body(generator, &known),
        example: example(&known),
        headers: vec![EventHeader {
            name: "X-IntLiq-Event",
            about: "The event's type.",
            schema: kind,
            example: (&*known.name).into(),
        }],
        products: Vec::new(),
        name: known.name,
        about: known.description,
    }
}

/// The schema of [`Notification`] with the type and what happened.
fn body(generator: &mut SchemaGenerator, known: &EventType) -> Schema {
    let mut body = Notification::json_schema(generator);
    body.insert("description".to_owned(), (&*known.description).into());
    let kind = json!({ "const": known.name });
    for (field, schema) in [("type", &kind), ("data", &known.schema)] {
        let described = body.pointer_mut(&format!("/properties/{field}"));
        if let (Some(Value::Object(described)), Value::Object(schema)) = (described, schema) {
            described.extend(schema.clone());
        }
    }
    body
}

fn at() -> Timestamp {
    Timestamp::from_second(1_774_332_000).unwrap_or_default()
}

fn id() -> EventId {
    EventId::from_parts(at(), 8)
}

fn example(known: &EventType) -> Value {
    let body = Notification {
        id: id(),
        kind: &known.name,
        created_at: at(),
        api_version: API_VERSION,
        test: false,
        data: &known.example,
    };
    serde_json::to_value(body).unwrap_or_default()
}

/// The headers of every request, with those of a request with this event as examples.
fn headers(generator: &mut SchemaGenerator, event: Option<&Event>) -> Vec<EventHeader> {
    let body = event.map(|event| event.example.to_string());
    let signed = Signed {
        event: id(),
        kind: event.map_or("", |event| &event.name),
        delivery: DeliveryId::from_parts(at(), 9),
        at: at(),
        body: body.as_deref().unwrap_or_default().as_bytes(),
    };
    let secret = Secret::parse(SECRET);
    let values = signed.headers(secret.as_slice()).map(|(_, value)| value);
    let [id, _seconds, standard, of_body, .., delivery] = values;
    vec![
        EventHeader {
            name: "webhook-id",
            about: "The event's id, the same in every attempt: skip what you have seen.",
            schema: generator.subschema_for::<EventId>(),
            example: id.into(),
        },
        EventHeader {
            name: "webhook-timestamp",
            about: "When the request was sent, in seconds since 1970. Refuse what is more than five minutes old.",
            schema: json_schema!({ "type": "integer", "minimum": 0 }),
            example: at().as_second().into(),
        },
        EventHeader {
            name: "webhook-signature",
            about: "`v1,` and a signature of id, timestamp and body by [Standard Webhooks](https://www.standardwebhooks.com/); two of them, separated by a space, while a secret is replaced.",
            schema: json_schema!({
                "type": "string",
                "pattern": "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)?$",
            }),
            example: standard.into(),
        },
        EventHeader {
            name: "X-IntLiq-Delivery-Id",
            about: "The delivery's id, the same in every attempt.",
            schema: generator.subschema_for::<DeliveryId>(),
            example: delivery.into(),
        },
        EventHeader {
            name: "X-IntLiq-Signature",
            about: "HMAC-SHA256 of the body in hex, with the text of the secret as the key. While a secret is replaced, that of the old one.",
            schema: json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            example: of_body.into(),
        },
    ]
}
