//! The API's description has the requests that endpoints are sent.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use endpoints::Endpoint;
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use tests::Web;
use tests::description;
use tests::event_requests::undescribed;
use webhook::SIGNED_HEADERS;
use webhook_store::event_kinds;

/// The request that is described for a type of events: its examples, but for changed headers and a changed body.
struct Request {
    headers: Vec<(String, String)>,
    body: Value,
}

impl Request {
    fn of(description: &Value, kind: &str) -> Self {
        let post = &description["webhooks"][kind]["post"];
        let parameters = post["parameters"].as_array().unwrap().iter();
        let parameters = parameters.map(|parameter| match parameter["$ref"].as_str() {
            Some(shared) => description.pointer(&shared[1..]).unwrap(),
            None => parameter,
        });
        let headers = parameters.map(|parameter| {
            assert_eq!(
                (&parameter["in"], &parameter["required"]),
                (&json!("header"), &json!(true))
            );
            let example = parameter["example"].to_string();
            (
                parameter["name"].as_str().unwrap().to_ascii_lowercase(),
                example.trim_matches('"').to_owned(),
            )
        });
        Self {
            headers: headers.collect(),
            body: post["requestBody"]["content"]["application/json"]["example"].clone(),
        }
    }

    fn without(mut self, header: &str) -> Self {
        self.headers.retain(|(name, _)| name != header);
        self
    }

    fn with(self, header: &str, value: &str) -> Self {
        let mut changed = self.without(header);
        changed.headers.push((header.to_owned(), value.to_owned()));
        changed
    }

    fn body(mut self, field: &str, value: Value) -> Self {
        let (path, name) = field.rsplit_once('/').unwrap();
        self.body.pointer_mut(path).unwrap()[name] = value;
        self
    }

    fn text(&self) -> String {
        let mut text = "POST /hook HTTP/1.1\r\ncontent-type: application/json\r\n".to_owned();
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").unwrap();
        }
        format!("{text}\r\n{}", self.body)
    }
}

/// The types of events of all products that have webhooks.
fn kinds() -> BTreeSet<&'static str> {
    let lists_types = |endpoint: &&Endpoint| endpoint.path.ends_with("/event-types");
    let products = endpoints::all().filter(lists_types);
    let products = products.filter_map(|endpoint| endpoint.product);
    products.flat_map(event_kinds).collect()
}

#[test]
fn every_type_of_event_is_described_and_nothing_else() {
    let description = description::read();
    let described = description["webhooks"].as_object().unwrap();
    assert_eq!(
        described
            .keys()
            .map(String::as_str)
            .collect::<BTreeSet<_>>(),
        kinds()
    );
    for webhook in described.values() {
        let statuses: Vec<&String> = webhook["post"]["responses"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(statuses, ["2XX", "410", "429", "503", "default"]);
        assert_eq!(webhook["post"]["security"], json!([]));
    }
}

#[test]
fn the_examples_are_such_requests() {
    let description = description::read();
    for kind in kinds() {
        let request = Request::of(&description, kind);
        let names = request.headers.iter().map(|(name, _)| &**name);
        assert_eq!(names.collect::<BTreeSet<_>>(), SIGNED_HEADERS.into());
        assert_eq!(request.body["type"], kind);
        assert_eq!(undescribed(&request.text()), Vec::<String>::new(), "{kind}");
    }
}

#[test]
fn what_is_not_described_is_found() {
    let description = description::read();
    let request = || Request::of(&description, "score_change");
    let check = |request: Request, expected: Expect| {
        expected.assert_eq(&undescribed(&request.text()).join("; "));
    };
    check(request(), expect![""]);
    check(request().body("/test", true.into()), expect![""]);
    check(
        request().without("webhook-id"),
        expect!["the header webhook-id is missing"],
    );
    check(
        request().with("x-intliq-event", "score_changed"),
        expect![[r#"the event "score_changed" is not described"#]],
    );
    check(
        request().with("webhook-timestamp", "now"),
        expect![[r#"the header webhook-timestamp: "now" is not of type "integer""#]],
    );
    check(
        request().with("x-intliq-signature", "v1,"),
        expect![[r#"the header X-IntLiq-Signature: "v1," does not match "^[0-9a-f]{64}$""#]],
    );
    check(
        request().body("/type", "tier_change".into()),
        expect![[r#"/type: "score_change" was expected"#]],
    );
    check(
        request().body("/test", false.into()),
        expect!["/test: true was expected"],
    );
    check(
        request().body("/api_version", "2026-11-29".into()),
        expect![[r#"/api_version: "2026-11-28" was expected"#]],
    );
    check(
        request().body("/colour", "red".into()),
        expect![": Additional properties are not allowed ('colour' was unexpected)"],
    );
    check(
        request().body("/data/colour", "red".into()),
        expect!["/data: Additional properties are not allowed ('colour' was unexpected)"],
    );
    check(
        request().body("/data/from", "82".into()),
        expect![[r#"/data/from: "82" is not of type "integer""#]],
    );
    check(
        request().body("/created_at", "now".into()),
        expect![[r#"/created_at: "now" is not a "date-time""#]],
    );
    check(
        request().body("/data", json!({})),
        expect![[
            r#"/data: "slug" is a required property; /data: "name" is a required property; /data: "from" is a required property; /data: "to" is a required property; /data: "change" is a required property"#
        ]],
    );
    let text = request().text();
    assert_eq!(
        undescribed(&text.replace("POST", "PUT")),
        ["the method is not POST"]
    );
    assert_eq!(
        undescribed(&text.replace("application/json", "text/plain")),
        ["the media type is not application/json"]
    );
    assert_eq!(
        undescribed(&text.replace("\"api_version\"", "")),
        ["the body is not JSON"]
    );
}

#[tokio::test]
#[should_panic(expected = "the event \"\" is not described")]
async fn a_request_that_is_not_described_fails_its_test() {
    let web = Web::start();
    web.expect_events();
    let request = reqwest::Client::new().post(web.url());
    request.send().await.unwrap();
}
