use std::collections::BTreeMap;
use std::fmt::Write as _;

use endpoints::{Dialect, Endpoint};
use serde_json::{Value, json};

use crate::errors::Errors;
use crate::headers;
use crate::reasons::meaning;

/// The responses to errors, by status. The codes and reasons of each are in its description, and for programs in `x-errors`.
pub(crate) fn of_errors(endpoint: &Endpoint, errors: &Errors) -> BTreeMap<String, Value> {
    let responses = errors.0.iter().map(|(status, codes)| {
        let response = json!({
            "description": description(codes),
            "headers": headers::of(endpoint, *status, false),
            "content": {
                "application/json": {
                    "schema": { "$ref": format!("#/components/schemas/{}", schema_name(endpoint.dialect)) },
                },
            },
            "x-errors": codes,
        });
        (status.to_string(), response)
    });
    responses.collect()
}

fn description(codes: &BTreeMap<&'static str, Vec<&'static str>>) -> String {
    let mut text = String::new();
    for (code, reasons) in codes {
        let named: Vec<&&str> = reasons.iter().filter(|reason| !reason.is_empty()).collect();
        let blank = if text.is_empty() { "" } else { "\n\n" };
        let _ = write!(text, "{blank}`{code}`: {}", of_code(code));
        if !named.is_empty() {
            text.push_str(" By `reason`:\n");
        }
        for reason in named {
            let _ = write!(text, "\n* `{reason}`: {}", meaning(reason).unwrap_or("?"));
        }
    }
    text
}

/// What a code means.
fn of_code(code: &str) -> &'static str {
    match code {
        "BAD_REQUEST" => "a parameter or the body is not valid; `field` names it.",
        "UNAUTHORIZED" => "there is no valid credential.",
        "INSUFFICIENT_CREDITS" => {
            "the credits do not suffice; `required`, `balance`, `upgradeUrl`."
        }
        "PLAN_REQUIRED" => "the plan does not include this; `plan`, `upgradeUrl`.",
        "FORBIDDEN" => "the credential may not do this.",
        "NOT_FOUND" => "there is no such object, or it is another account's.",
        "IN_PROGRESS" => "a request with the same `Idempotency-Key` is in progress.",
        "DUPLICATE" => "it exists already, or has been done.",
        "TOO_LARGE" => "the body is too large.",
        "UNSUPPORTED_MEDIA_TYPE" => "the `Content-Type` is not read here.",
        "IDEMPOTENCY_MISMATCH" => "the `Idempotency-Key` was sent with another request.",
        "LIMIT_REACHED" => "over a limit.",
        "INTERNAL_ERROR" => "an error on our side.",
        "UNAVAILABLE" => {
            "a service behind the API does not respond; the same call may succeed a little later."
        }
        _ => "?",
    }
}

/// The name of the schema of errors in a dialect.
const fn schema_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Standard => "Error",
        Dialect::LeadsGraphql => "GraphqlError",
        Dialect::LeadsRest => "LeadsError",
    }
}

/// The schemas of errors.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let code = json!({ "type": "string", "description": "The kind of error; with the status, the contract." });
    let message = json!({ "type": "string", "description": "What is wrong and what to do, for people; may change." });
    let of = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties });

    let mut standard = details();
    extend(&mut standard, &json!({ "code": code, "message": message }));
    let standard = of(&["code", "message", "requestId"], standard);

    let mut extensions = details();
    let status = of(&["status"], json!({ "status": { "type": "integer" } }));
    extend(
        &mut extensions,
        &json!({ "code": code, "response": status }),
    );
    let extensions = of(&["code", "requestId", "response"], extensions);
    let graphql = of(
        &["message", "extensions"],
        json!({ "message": message, "extensions": extensions }),
    );

    let word = json!({ "type": "string", "description": "The reason, or where there is none the code in lower case." });
    let leads =
        json!({ "code": word, "message": message, "details": of(&["requestId"], details()) });
    vec![
        ("Error", of(&["error"], json!({ "error": standard }))),
        (
            "GraphqlError",
            of(
                &["errors"],
                json!({ "errors": { "type": "array", "minItems": 1, "items": graphql } }),
            ),
        ),
        ("LeadsError", of(&["code", "message", "details"], leads)),
    ]
}

fn extend(properties: &mut Value, with: &Value) {
    if let (Value::Object(properties), Value::Object(with)) = (properties, with) {
        properties.extend(with.clone());
    }
}

/// The fields of an error besides its code and message.
fn details() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let whole = |about: &str| json!({ "type": "integer", "minimum": 0, "description": about });
    let credits = |about: &str| json!({ "type": "number", "description": about });
    let field_errors = json!({
        "type": "array",
        "description": "Every field that is not valid.",
        "items": {
            "type": "object",
            "required": ["field", "reason", "message"],
            "properties": {
                "field": text("The field."),
                "reason": text("The reason, a stable word for programs."),
                "message": text("What is wrong and what to do, for people."),
            },
        },
    });
    json!({
        "reason": text("The finer reason, a stable word for programs; absent where the code says all."),
        "field": text("The parameter or field that is not valid."),
        "requestId": text("The id of the call, as in the header `X-Request-Id`."),
        "upgradeUrl": text("Where to upgrade or to top up."),
        "plan": text("The account's plan."),
        "scope": text("The scope that is needed."),
        "required": credits("The credits that the call needs."),
        "balance": credits("The credits that are left."),
        "limit": whole("The limit that is reached."),
        "used": whole("How much of the limit is used."),
        "resource": text("What the limit is of."),
        "resets_at": { "type": "string", "format": "date-time", "description": "When the limit begins anew." },
        "replaced_by": text("The key that replaced this one."),
        "maxBytes": whole("The bytes that are read at most."),
        "maxValues": whole("The values that are read at most."),
        "errors": field_errors,
    })
}
