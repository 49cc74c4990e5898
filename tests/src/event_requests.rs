//! Every request to the endpoint of a webhook, and every event that a test reads, is checked against the API's description.

use serde_json::Value;

use crate::description::{DESCRIPTION, invalid, invalid_text};

/// What of a request to a webhook's endpoint is not described: the whole request, as it arrived.
pub fn undescribed(request: &str) -> Vec<String> {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let kind = header(head, "x-intliq-event").unwrap_or_default();
    let pointer = format!("/webhooks/{kind}/post");
    let Some(described) = DESCRIPTION.pointer(&pointer) else {
        return vec![format!("the event {kind:?} is not described")];
    };
    let mut wrong = Vec::new();
    if !head.starts_with("POST ") {
        wrong.push("the method is not POST".to_owned());
    }
    if header(head, "content-type") != Some("application/json") {
        wrong.push("the media type is not application/json".to_owned());
    }
    let parameters = described["parameters"].as_array().unwrap();
    for (number, parameter) in parameters.iter().enumerate() {
        let own = format!("{pointer}/parameters/{number}");
        let pointer = parameter["$ref"]
            .as_str()
            .map_or(&*own, |shared| &shared[1..]);
        let name = DESCRIPTION.pointer(pointer).unwrap()["name"]
            .as_str()
            .unwrap();
        match header(head, name) {
            Some(value) => {
                let invalid = invalid_text(&format!("{pointer}/schema"), value);
                wrong.extend(invalid.iter().map(|why| format!("the header {name}{why}")));
            }
            None => wrong.push(format!("the header {name} is missing")),
        }
    }
    match serde_json::from_str(body) {
        Ok(body) => wrong.extend(invalid(&body_of(kind), &body)),
        Err(_) => wrong.push("the body is not JSON".to_owned()),
    }
    wrong
}

/// Fails the test if what happened in an event of this kind is not described.
#[track_caller]
pub(crate) fn check_data(kind: &str, data: &Value) {
    let schema = DESCRIPTION.pointer(&body_of(kind)).unwrap();
    let schema = schema["$ref"].as_str().unwrap().trim_start_matches('#');
    let wrong = invalid(&format!("{schema}/properties/data"), data);
    assert!(
        wrong.is_empty(),
        "the event {kind} is not as docs/openapi.json describes it (`make openapi` writes it):\n{}\n{data}",
        wrong.join("\n")
    );
}

/// The pointer to the schema of a kind's bodies.
fn body_of(kind: &str) -> String {
    format!("/webhooks/{kind}/post/requestBody/content/application~1json/schema")
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}
