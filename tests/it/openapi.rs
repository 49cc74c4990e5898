//! docs/openapi.json is what the code says.

use std::collections::BTreeSet;

use endpoints::Endpoint;
use expect_test::expect_file;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tests::description::{self, Response};

#[test]
fn the_description_is_current() {
    expect_file!["../../docs/openapi.json"].assert_eq(&describe::text().unwrap());
}

#[test]
fn every_endpoint_is_described() {
    let operations = describe::operations();
    let described: BTreeSet<String> = operations
        .iter()
        .map(|operation| {
            format!(
                "{:?} {}",
                operation.endpoint().product,
                operation.endpoint().name()
            )
        })
        .collect();
    let all = endpoints::all()
        .map(|endpoint: &Endpoint| format!("{:?} {}", endpoint.product, endpoint.name()));
    assert_eq!(described, all.collect());
    assert_eq!(described.len(), operations.len());
}

/// A success is a status from 200 to 299; that of a download by its link is a redirect.
#[test]
fn every_operation_has_a_success() {
    let description = description::read();
    for operation in describe::operations() {
        let endpoint = operation.endpoint();
        let path = &description["paths"][endpoint.path];
        let method = endpoint.method.as_str().to_ascii_lowercase();
        let responses = path[&method]["responses"].as_object().unwrap().clone();
        let mut statuses = responses.keys();
        let is_success = |status: &String| match endpoint.access {
            endpoints::Access::Link => status == "302",
            _ => status.starts_with('2'),
        };
        assert!(statuses.any(is_success), "{}", endpoint.name());
    }
}

/// What a word of the table means is told on the page of the conventions too.
#[test]
fn every_reason_has_a_meaning_and_is_documented() {
    let page = include_str!("../../docs/API.md");
    let mut reasons = BTreeSet::new();
    each_reason(&description::read(), &mut reasons);
    assert!(reasons.len() > 80, "{reasons:?}");
    for reason in reasons {
        assert!(
            openapi::reasons::meaning(&reason).is_some(),
            "{reason} has no meaning"
        );
        assert!(
            page.contains(&format!("`{reason}`")),
            "{reason} is not in docs/API.md"
        );
    }
}

/// What the harness finds wrong with a response of `POST /v1/clients`.
#[track_caller]
fn check(status: u16, headers: &[(&'static str, &'static str)], body: &Value, expected: &str) {
    let common = [
        ("cache-control", "private, no-store"),
        ("content-type", "application/json"),
        ("x-request-id", "req_01m80dwq74av8fwfcs8vxwv9h5"),
    ];
    let mut all = HeaderMap::new();
    for (name, value) in common.iter().chain(headers) {
        all.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if all["x-request-id"].is_empty() {
        all.remove("x-request-id");
    }
    let body = body.to_string();
    let response = Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: &all,
        body: body.as_bytes(),
    };
    let wrong = description::undescribed("POST", "/v1/clients", &response);
    assert_eq!(wrong.join("; "), expected);
}

#[test]
fn what_is_not_described_is_found() {
    let client = json!({
        "id": "client_01m80dt3yw4cf6sp8jm7bbvmbh", "client_ref": "partner-123", "name": "Partner Ltd",
        "created_at": "2026-11-22T04:00:00Z",
    });
    let with = |name: &str, value: Value| {
        let mut changed = client.clone();
        changed[name] = value;
        changed
    };
    let error = |code: &str, reason: &str| json!({ "error": { "code": code, "message": "…", "reason": reason, "requestId": "req_01m80dwq74av8fwfcs8vxwv9h5" } });
    check(201, &[("x-ratelimit-limit", "60")], &client, "");
    check(200, &[], &client, "the status 200 is not described");
    check(
        201,
        &[("x-powered-by", "us")],
        &client,
        "the header x-powered-by is not described",
    );
    check(
        201,
        &[("x-ratelimit-limit", "many")],
        &client,
        ": \"many\" is not of type \"integer\"",
    );
    check(
        201,
        &[("retry-after", "1")],
        &client,
        "the header retry-after is not described",
    );
    check(
        201,
        &[("x-request-id", "")],
        &client,
        "the header X-Request-Id is missing",
    );
    check(
        201,
        &[("content-type", "text/html")],
        &client,
        "the media type \"text/html\" is not described",
    );
    check(
        201,
        &[],
        &with("name", 5.into()),
        "/name: 5 is not of type \"string\"",
    );
    check(
        201,
        &[],
        &with("id", "key_1".into()),
        "/id: \"key_1\" does not match \"^client_[0-9a-z]{26}$\"",
    );
    check(
        201,
        &[],
        &with("created_at", "now".into()),
        "/created_at: \"now\" is not a \"date-time\"",
    );
    check(
        201,
        &[],
        &with("colour", "red".into()),
        ": Additional properties are not allowed ('colour' was unexpected)",
    );
    check(
        201,
        &[],
        &json!({}),
        ": \"id\" is a required property; : \"client_ref\" is a required property; \
        : \"name\" is a required property; : \"created_at\" is a required property",
    );
    check(409, &[], &error("DUPLICATE", "client_ref_taken"), "");
    check(
        409,
        &[],
        &error("DUPLICATE", "name_taken"),
        "the error DUPLICATE with the reason \"name_taken\" is not described",
    );
    check(
        409,
        &[],
        &error("NOT_FOUND", "client_ref_taken"),
        "the error NOT_FOUND with the reason \"client_ref_taken\" is not described",
    );
}

fn each_reason(value: &Value, reasons: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if name == "x-errors" {
                    let lists = value.as_object().unwrap().values();
                    let words = lists.flat_map(|list| list.as_array().unwrap());
                    let words = words.map(|word| word.as_str().unwrap().to_owned());
                    reasons.extend(words.filter(|word| !word.is_empty()));
                } else {
                    each_reason(value, reasons);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| each_reason(one, reasons)),
        _ => {}
    }
}
