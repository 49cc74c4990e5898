//! Every response of a test is checked against the API's description: its status, headers, media type and body, and the code and
//! reason of an error. What the description does not have fails the test.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use endpoints::{Endpoint, Page};
use http::{HeaderMap, StatusCode};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The description, with objects that have no other fields than those that it names.
pub(crate) static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let mut description = read();
    for schema in ["/components/schemas", "/components/responses", "/paths"] {
        closed(description.pointer_mut(schema).unwrap());
    }
    description
});

/// The validators made so far, by the pointer to their schema.
static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> =
    LazyLock::new(Mutex::default);

/// Headers that the transport and API Gateway add.
const TRANSPORT: [&str; 8] = [
    "apigw-requestid",
    "content-length",
    "content-type",
    "connection",
    "date",
    "server",
    "transfer-encoding",
    "vary",
];

/// The description as it is checked in.
pub fn read() -> Value {
    serde_json::from_str(include_str!("../../docs/openapi.json")).unwrap()
}

/// A response to check.
#[derive(Clone, Debug)]
pub struct Response<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its whole body.
    pub body: &'a [u8],
}

/// Fails the test if the response to this request is not described.
#[track_caller]
pub(crate) fn check(method: &str, path: &str, response: &Response<'_>) {
    let wrong = undescribed(method, path, response);
    let Response { status, body, .. } = response;
    assert!(
        wrong.is_empty(),
        "the response {status} of {method} {path} is not as docs/openapi.json describes it (`make openapi` writes it):\n{}\n{}",
        wrong.join("\n"),
        String::from_utf8_lossy(body)
    );
}

/// What of the response to this request is not described. Pages describe, and are not described.
pub fn undescribed(method: &str, path: &str, response: &Response<'_>) -> Vec<String> {
    if Page::at(path).is_some() && Page::METHODS.contains(&method) {
        return Vec::new();
    }
    let mut endpoints = endpoints::all();
    match endpoints.find(|endpoint| endpoint.matches(method, path)) {
        Some(endpoint) => of_endpoint(endpoint, response),
        None => of_no_endpoint(response),
    }
}

fn of_endpoint(endpoint: &Endpoint, response: &Response<'_>) -> Vec<String> {
    let status = response.status.as_u16();
    if status == 405 {
        return of_no_endpoint(response);
    }
    let method = endpoint.method.as_str().to_ascii_lowercase();
    let path = endpoint.path.replace('/', "~1");
    let mut pointer = format!("/paths/{path}/{method}/responses/{status}");
    let Some(mut described) = DESCRIPTION.pointer(&pointer) else {
        return vec![format!("the status {status} is not described")];
    };
    if let Some(shared) = described["$ref"].as_str() {
        shared.trim_start_matches('#').clone_into(&mut pointer);
        described = DESCRIPTION.pointer(&pointer).unwrap();
    }
    let mut wrong = headers(described, response.headers);
    wrong.extend(content(&pointer, described, response));
    if let Some(errors) = described.get("x-errors") {
        wrong.extend(error(errors, response));
    }
    wrong
}

/// A request that no endpoint takes: 404 or 405, in the form of an error of some dialect.
fn of_no_endpoint(response: &Response<'_>) -> Vec<String> {
    let errors = json!({ "NOT_FOUND": ["route_unknown"], "METHOD_NOT_ALLOWED": [""] });
    let mut wrong: Vec<String> = error(&errors, response).into_iter().collect();
    if !matches!(response.status.as_u16(), 404 | 405) {
        wrong.push("no endpoint has this method and path".to_owned());
    }
    wrong
}

fn headers(described: &Value, headers: &HeaderMap) -> Vec<String> {
    let none = Map::new();
    let known = described["headers"].as_object().unwrap_or(&none);
    let mut wrong = Vec::new();
    for (name, value) in headers {
        if TRANSPORT.contains(&name.as_str()) || name.as_str().starts_with("access-control-") {
            continue;
        }
        let Some((title, _)) = known
            .iter()
            .find(|(title, _)| title.eq_ignore_ascii_case(name.as_str()))
        else {
            wrong.push(format!("the header {name} is not described"));
            continue;
        };
        let pointer = format!("/components/headers/{title}/schema");
        wrong.extend(invalid_text(&pointer, value.to_str().unwrap()));
    }
    let required = known.keys().filter(|title| {
        let pointer = format!("/components/headers/{title}");
        DESCRIPTION.pointer(&pointer).unwrap()["required"] == true
    });
    for title in required {
        if !headers.contains_key(title) {
            wrong.push(format!("the header {title} is missing"));
        }
    }
    wrong
}

fn content(pointer: &str, described: &Value, response: &Response<'_>) -> Vec<String> {
    let Some(known) = described.get("content").and_then(Value::as_object) else {
        let is_empty = response.body.is_empty();
        return if is_empty {
            Vec::new()
        } else {
            vec!["no body is described".to_owned()]
        };
    };
    let media_type = response.headers.get("content-type");
    let media_type = media_type.map_or("", |value| value.to_str().unwrap());
    let essence = media_type.split(';').next().unwrap();
    if !known.contains_key(essence) {
        return vec![format!("the media type {media_type:?} is not described")];
    }
    if essence != "application/json" {
        return Vec::new();
    }
    let Ok(body) = serde_json::from_slice(response.body) else {
        return vec!["the body is not JSON".to_owned()];
    };
    let pointer = format!("{pointer}/content/application~1json/schema");
    invalid(&pointer, &body)
}

/// What of a header's value is not as the schema at this pointer describes it. A number is described by its digits.
pub(crate) fn invalid_text(pointer: &str, text: &str) -> Vec<String> {
    let is_number = DESCRIPTION.pointer(pointer).unwrap()["type"] == "integer";
    let number = text.parse::<u64>().ok().filter(|_| is_number);
    let value = number.map_or_else(|| text.into(), Value::from);
    invalid(pointer, &value)
}

/// What of a value is not as the schema at this pointer describes it.
pub(crate) fn invalid(pointer: &str, value: &Value) -> Vec<String> {
    let errors = validator(pointer).iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn validator(pointer: &str) -> &'static Validator {
    let mut validators = VALIDATORS.lock().unwrap();
    if let Some(known) = validators.get(pointer) {
        return known;
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [DESCRIPTION.pointer(pointer).unwrap()],
        "components": DESCRIPTION["components"],
    });
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let validator: &'static Validator = Box::leak(Box::new(validator));
    validators.insert(pointer.to_owned(), validator);
    validator
}

/// Whether an error's code and reason are among those that are described for its status.
fn error(described: &Value, response: &Response<'_>) -> Option<String> {
    let body: Value = serde_json::from_slice(response.body).unwrap_or_default();
    let graphql = &body["errors"][0]["extensions"];
    let (code, reason) = if body["details"].is_object() {
        // Of prospect lists, `code` is the reason, or the code in lower case.
        let reason = body["details"]["reason"].as_str();
        let code = body["code"].as_str().unwrap_or_default();
        let code = reason.map_or_else(|| code.to_uppercase(), |_| String::new());
        (code, reason.unwrap_or_default())
    } else {
        let error = if graphql.is_object() {
            graphql
        } else {
            &body["error"]
        };
        let code = error["code"].as_str().unwrap_or_default().to_owned();
        (code, error["reason"].as_str().unwrap_or_default())
    };
    let known = described.as_object().unwrap();
    let mut reasons = known
        .iter()
        .filter(|(name, _)| code.is_empty() || **name == code)
        .flat_map(|(_, reasons)| reasons.as_array().unwrap());
    let is_known = reasons.any(|known| known == reason);
    (!is_known).then(|| format!("the error {code} with the reason {reason:?} is not described"))
}

/// Closes every object of a schema that names its fields.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(closed);
            if object.get("properties").is_some_and(Value::is_object)
                && object.get("type").is_some()
            {
                object.entry("additionalProperties").or_insert(false.into());
            }
        }
        Value::Array(all) => all.iter_mut().for_each(closed),
        _ => {}
    }
}
