use expect_test::expect;
use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use tests::{TestApp, Web};
use types::{Product, Scope};

use super::{EVENT, PATH, Set, register, url};

#[tokio::test]
async fn a_webhook_is_registered_listed_changed_and_deleted() {
    let set = Set::up().await;
    let id = set.webhook["id"].as_str().unwrap();
    let shown = set.webhook.to_string().replace(id, "[webhook]");
    let shown = shown.replace(set.web.url(), "[web]");
    expect![[r#"{"active":true,"created_at":"2026-11-15T12:00:10Z","events":["quota.warning"],"failure_count":0,"headers":[],"id":"[webhook]","last_success_at":null,"last_triggered_at":null,"name":"Score Monitor","updated_at":"2026-11-15T12:00:10Z","url":"[web]/hook"}"#]]
        .assert_eq(&shown);
    assert!(set.secret.starts_with("whsec_"));
    let app = &set.workers.app;
    let list = app.get(PATH).key(&set.customer).send().await.expect(200);
    assert_eq!(list.json, json!({ "webhooks": [set.webhook] }));
    assert_eq!(set.read("").await, set.webhook);

    let change = json!({ "name": "Another", "events": ["tier_change", "score_change", "tier_change"], "headers": { "Authorization": "Bearer x" } });
    let changed = set.call(Method::PATCH, "", Some(change)).await.expect(200);
    let changed = changed.json;
    assert_eq!(changed["name"], "Another");
    assert_eq!(changed["events"], json!(["tier_change", "score_change"]));
    assert_eq!(changed["headers"], json!(["authorization"]));
    assert_eq!(set.read("").await, changed);
    let cleared = set.call(Method::PATCH, "", Some(json!({ "headers": null })));
    assert_eq!(cleared.await.expect(200).json["headers"], json!([]));

    let removed = set.call(Method::DELETE, "", None).await.expect(200);
    assert_eq!(removed.json, json!({ "success": true }));
    set.call(Method::DELETE, "", None).await.expect(404);
    set.call(Method::GET, "", None).await.expect(404);
    // Its place is free again.
    let hook = url(&set.web, "/hook");
    register(app, &set.customer, &hook, &[EVENT])
        .await
        .expect(201);
}

#[tokio::test]
async fn there_are_no_two_of_the_same_url_and_events() {
    let set = Set::up().await;
    let app = &set.workers.app;
    let hook = url(&set.web, "/hook");
    let again = register(app, &set.customer, &hook, &[EVENT]).await;
    assert_eq!(again.expect(409).error(), ("DUPLICATE", "webhook_exists"));
    let other = register(app, &set.customer, &hook, &[EVENT, "score_change"]).await;
    let other = other.expect(201).json["webhook"]["id"].clone();
    let path = format!("{PATH}/{}", other.as_str().unwrap());
    let change = app.call(Method::PATCH, &path).key(&set.customer);
    let change = change.json(&json!({ "events": [EVENT] })).send().await;
    assert_eq!(change.expect(409).error(), ("DUPLICATE", "webhook_exists"));
    // Another account may have the same.
    let stranger = app.customer_on(Product::Liquidity, "professional", 0).await;
    register(app, &stranger, &hook, &[EVENT]).await.expect(201);
    // Parallel requests register one.
    let many = (0..8).map(|_| register(app, &set.customer, &hook, &["aum_change"]));
    let many = join_all(many).await;
    let made = many.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
}

#[tokio::test]
async fn a_plan_has_room_for_so_many() {
    let app = TestApp::new().await;
    let web = Web::start();
    let app = app.webhooks(&web).await.app;
    let intent = app.customer_on(Product::Intent, "free", 0).await;
    for number in 0..2 {
        let hook = url(&web, &format!("/{number}"));
        register(&app, &intent, &hook, &[EVENT]).await.expect(201);
    }
    let full = register(&app, &intent, &url(&web, "/3"), &[EVENT]).await;
    assert_eq!(full.expect(429).error(), ("LIMIT_REACHED", "resource"));
    // Liquidity's analyst has none at all.
    let analyst = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let refused = register(&app, &analyst, &url(&web, "/a"), &[EVENT]).await;
    assert_eq!(refused.expect(402).error().0, "PLAN_REQUIRED");
}

#[tokio::test]
async fn each_product_has_its_own() {
    let web = Web::start();
    let app = TestApp::new().await.webhooks(&web).await.app;
    let portal = app.customer_on(Product::Portal, "free", 0).await;
    let path = "/v1/webhooks";
    let body = json!({ "name": "Portal", "url": url(&web, "/p"), "events": [EVENT] });
    let made = app.post(path).key(&portal).json(&body).send().await;
    let id = made.expect(201).json["webhook"]["id"].clone();
    let one = format!("{path}/{}", id.as_str().unwrap());
    app.get(&one).key(&portal).send().await.expect(200);
    let reader = app.with_scopes(&portal, &[Scope::WebhooksRead]).await;
    app.get(&one).key(&reader).send().await.expect(200);
    let refused = app.call(Method::DELETE, &one).key(&reader).send().await;
    assert_eq!(refused.expect(403).error().1, "scope_missing");
    // Types of events of another product are unknown.
    let body = json!({ "name": "Portal", "url": url(&web, "/q"), "events": ["score_change"] });
    let refused = app.post(path).key(&portal).json(&body).send().await;
    assert_eq!(refused.expect(400).error().1, "event_unknown");
    // Another product's or account's webhook is unknown.
    let intent = app.customer(0).await;
    let foreign = format!("{PATH}/{}", id.as_str().unwrap());
    app.get(&foreign).key(&intent).send().await.expect(404);
    let stranger = app.customer_on(Product::Portal, "free", 0).await;
    app.get(&one).key(&stranger).send().await.expect(404);
    let refused = app.get(PATH).key(&portal).send().await;
    assert_eq!(refused.expect(403).error().1, "wrong_product");
}

#[tokio::test]
async fn what_is_no_webhook_is_refused_with_the_rule() {
    let set = Set::up().await;
    let app = &set.workers.app;
    let valid = || json!({ "name": "x", "url": url(&set.web, "/x"), "events": [EVENT] });
    let cases = [
        ("name", json!(""), "text_invalid"),
        ("name", json!("a".repeat(101)), "text_invalid"),
        ("url", json!("example.com"), "url_invalid"),
        ("url", json!("http://example.com/"), "url_invalid"),
        ("url", json!("https://example.com:8443/"), "url_invalid"),
        ("url", json!("https://a:b@example.com/"), "url_invalid"),
        ("url", json!("https://127.0.0.1/"), "url_invalid"),
        (
            "url",
            json!("https://169.254.169.254/latest/meta-data/"),
            "url_invalid",
        ),
        ("url", json!("https://[::ffff:10.0.0.1]/"), "url_invalid"),
        ("url", json!("https://localhost/"), "url_invalid"),
        (
            "url",
            json!(format!("https://example.com/{}", "a".repeat(2_000))),
            "url_invalid",
        ),
        ("events", json!([]), "events_count"),
        ("events", json!(["score_changed"]), "event_unknown"),
        ("headers", json!({ "webhook-id": "1" }), "header_invalid"),
    ];
    for (field, value, reason) in cases {
        let mut body = valid();
        body[field] = value.clone();
        let refused = app.post(PATH).key(&set.customer).json(&body).send().await;
        let refused = refused.expect(400);
        assert_eq!(refused.error(), ("BAD_REQUEST", reason), "{value}");
        assert_eq!(refused.json["error"]["field"], field);
    }
    let unknown =
        json!({ "name": "x", "url": url(&set.web, "/x"), "events": [EVENT], "colour": 1 });
    let refused = app
        .post(PATH)
        .key(&set.customer)
        .json(&unknown)
        .send()
        .await;
    assert_eq!(refused.expect(400).error().1, "json_invalid");
}

#[tokio::test]
async fn ports_are_those_that_the_operator_lists() {
    let set = Set::up().await;
    let default = &set.workers.app;
    let listed = default.with_variable("WEBHOOK_PORTS", "443,8443");
    // An address needs no look-up, and nothing is sent to it.
    let url = "https://198.41.0.4:8443/hook";
    let path = set.path("");
    for (app, url, ports) in [
        (default, url, "443"),
        (&listed, "https://198.41.0.4:9443/hook", "443 or 8443"),
        (&listed, "no URL", "443 or 8443"),
    ] {
        let new = register(app, &set.customer, url, &[EVENT]).await;
        let change = app.call(Method::PATCH, &path).key(&set.customer);
        let changed = change.json(&json!({ "url": url })).send().await;
        for refused in [new, changed] {
            let refused = refused.expect(400);
            assert_eq!(refused.error(), ("BAD_REQUEST", "url_invalid"));
            let message = refused.json["error"]["message"].as_str().unwrap();
            let why = if url == "no URL" {
                "url: it is no URL of at most 2000 characters".to_owned()
            } else {
                format!("url: this URL is not allowed: its port is not {ports}")
            };
            let hint = format!("{why}; use an https URL on port {ports} at a public address");
            assert!(message.starts_with(&hint), "{message}");
        }
    }
    register(&listed, &set.customer, url, &[EVENT])
        .await
        .expect(201);
    let call = listed.call(Method::PATCH, &path).key(&set.customer);
    let changed = json!({ "url": url, "events": ["score_change"] });
    call.json(&changed).send().await.expect(200);
}

#[tokio::test]
async fn a_webhook_is_disabled_and_enabled() {
    let set = Set::up().await;
    let off = set.call(Method::POST, "/disable", None).await.expect(200);
    assert_eq!(
        (&off.json["active"], &off.json["disabled_by"]),
        (&json!(false), &json!("account"))
    );
    set.call(Method::POST, "/disable", None).await.expect(200);
    set.happens(80).await;
    assert!(set.workers.deliveries().await.is_empty());
    let on = set.call(Method::POST, "/enable", None).await.expect(200);
    assert_eq!(on.json["active"], true);
    assert_eq!(on.json.get("disabled_by"), None);
    set.happens(100).await;
    assert_eq!(
        set.workers.deliveries().await.len(),
        2,
        "both events are still stored"
    );
}

#[tokio::test]
async fn the_types_of_events_of_a_product() {
    let set = Set::up().await;
    let app = &set.workers.app;
    let types = app
        .get("/api/v1/event-types")
        .key(&set.customer)
        .send()
        .await;
    let types = types.expect(200).json;
    let names: Vec<&Value> = types["event_types"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    expect![[r#"["score_change","tier_change","aum_change","compliance_alert","data_stale","circuit_breaker","report.ready","webhook.failing","webhook.disabled","delivery.exhausted","key.leaked","key.rotation_due","quota.warning","credits.low"]"#]]
        .assert_eq(&json!(names).to_string());
    // Each example is valid by its schema.
    for one in types["event_types"].as_array().unwrap() {
        let schema = jsonschema::validator_for(&one["schema"]).unwrap();
        assert!(schema.is_valid(&one["example"]), "{one}");
    }
}
