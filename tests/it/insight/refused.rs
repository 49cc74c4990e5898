//! What is not in order is told with its field, costs nothing, and counts in the key's minute.

use http::Method;
use serde_json::{Value, json};
use tests::TestApp;
use types::Credits;

use super::{PROFILES, get};

const QUERIES: [(&str, &str, &str); 17] = [
    ("/history", "parameter_missing", "domain"),
    ("/history?domain=com", "domain_is_public_suffix", "domain"),
    (
        "/history?domain=stripe.com&days=0",
        "parameter_invalid",
        "days",
    ),
    (
        "/history?domain=stripe.com&days=731",
        "parameter_invalid",
        "days",
    ),
    (
        "/history?domain=stripe.com&days=-1",
        "parameter_invalid",
        "days",
    ),
    (
        "/history?domain=stripe.com&day=1",
        "parameter_unknown",
        "day",
    ),
    ("/explain?domain=stripe.com", "parameter_missing", "at"),
    ("/explain?at=2026-11-15", "parameter_missing", "domain"),
    ("/explain?domain=stripe.com&at=", "time_invalid", "at"),
    (
        "/explain?domain=stripe.com&at=yesterday",
        "time_invalid",
        "at",
    ),
    (
        "/explain?domain=stripe.com&at=2026-11-31",
        "time_invalid",
        "at",
    ),
    (
        "/explain?domain=stripe.com&at=2026-11-15T12:00:11Z",
        "time_in_future",
        "at",
    ),
    (
        "/explain?domain=stripe.com&at=2026-11-16",
        "time_in_future",
        "at",
    ),
    (
        "/explain?domain=stripe.com&at=2024-11-15T12:00:09Z",
        "time_too_old",
        "at",
    ),
    ("/preview?domain=stripe.com", "parameter_missing", "profile"),
    (
        "/preview?profile=profile_01k9xw3tkbc2v6m8p4h0r5zqde",
        "parameter_missing",
        "domain",
    ),
    (
        "/preview?domain=stripe.com&weights=1",
        "parameter_unknown",
        "weights",
    ),
];

/// Weights and half-lives, with the reason and the field of the answer.
fn profiles() -> Vec<(Value, &'static str, &'static str)> {
    let zero = intent::Kind::ALL.map(|kind| (kind.as_str(), 0));
    let zero: Value = zero
        .into_iter()
        .map(|(kind, weight)| (kind.to_owned(), Value::from(weight)))
        .collect();
    vec![
        (json!({}), "profile_empty", "weights"),
        (json!({ "weights": {} }), "profile_empty", "weights"),
        (
            json!({ "weights": { "dancing": 1 } }),
            "kind_unknown",
            "weights.dancing",
        ),
        (
            json!({ "weights": { "Hiring": 1 } }),
            "kind_unknown",
            "weights.Hiring",
        ),
        (
            json!({ "weights": { "hiring": -0.1 } }),
            "weight_out_of_range",
            "weights.hiring",
        ),
        (
            json!({ "weights": { "hiring": 100.1 } }),
            "weight_out_of_range",
            "weights.hiring",
        ),
        (
            json!({ "weights": { "hiring": 1e300 } }),
            "weight_out_of_range",
            "weights.hiring",
        ),
        (
            json!({ "weights": { "hiring": "NaN" } }),
            "number_invalid",
            "weights.hiring",
        ),
        (
            json!({ "weights": { "hiring": null } }),
            "number_invalid",
            "weights.hiring",
        ),
        (json!({ "weights": zero }), "weights_all_zero", "weights"),
        (
            json!({ "half_lives": { "news": 0.5 } }),
            "half_life_out_of_range",
            "half_lives.news",
        ),
        (
            json!({ "half_lives": { "news": 731 } }),
            "half_life_out_of_range",
            "half_lives.news",
        ),
        (
            json!({ "half_lives": { "gossip": 3 } }),
            "kind_unknown",
            "half_lives.gossip",
        ),
    ]
}

/// The form with further fields.
fn with(form: &Value, more: &Value) -> Value {
    let mut form = form.clone();
    let fields = form.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    form
}

#[tokio::test]
async fn queries() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for (calls, (query, reason, field)) in (1..).zip(QUERIES) {
        let answer = get(&app, &customer, query).await.expect(400);
        assert_eq!(answer.error(), ("BAD_REQUEST", reason), "{query}");
        assert_eq!(answer.json["error"]["field"], field, "{query}");
        assert_eq!(app.calls_this_minute(&customer).await, calls, "{query}");
    }
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}

#[tokio::test]
async fn bodies() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(None, None, 10).await;
    let send = async |method: Method, path: &str, form: &Value| {
        let call = app.call(method, path).key(&customer).json(form);
        call.send().await.expect(400)
    };
    let preview = "/api/v1/score/preview";
    let one = format!("{PROFILES}/profile_01k9xw3tkbc2v6m8p4h0r5zqde");
    for (form, reason, field) in profiles() {
        let domain = with(&form, &json!({ "domain": "stripe.com" }));
        let name = with(&form, &json!({ "name": "Name" }));
        for answer in [
            send(Method::POST, preview, &domain).await,
            send(Method::POST, PROFILES, &name).await,
            send(Method::PUT, &one, &name).await,
        ] {
            assert_eq!(answer.error(), ("BAD_REQUEST", reason), "{form}");
            assert_eq!(answer.json["error"]["field"], field, "{form}");
            let message = answer.json["error"]["message"].as_str().unwrap();
            assert!(message.contains("such as"), "{message}");
        }
    }
    let weights = json!({ "weights": { "hiring": 60 } });
    let long = "x".repeat(101);
    for name in ["", " \n", &long] {
        let form = with(&weights, &json!({ "name": name }));
        let answer = send(Method::POST, PROFILES, &form).await;
        assert_eq!(answer.error().1, "text_invalid");
        assert_eq!(answer.json["error"]["field"], "name");
    }
    let both = json!({ "domain": "stripe.com", "profile": "profile_01k9xw3tkbc2v6m8p4h0r5zqde" });
    let answer = send(Method::POST, preview, &with(&weights, &both)).await;
    assert_eq!(answer.error().1, "profile_ambiguous");
    for (path, field) in [(preview, "name"), (preview, "tau"), (PROFILES, "domain")] {
        let form = with(
            &weights,
            &json!({ "domain": "stripe.com", "name": "Name", field: 1 }),
        );
        assert_eq!(
            send(Method::POST, path, &form).await.error().1,
            "json_invalid"
        );
    }
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}
