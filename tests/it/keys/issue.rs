use super::*;

#[tokio::test]
async fn the_published_call_has_no_body() {
    let user = User::new().await;
    let call = user.with_session(user.app.post(KEYS));
    let key = call.send().await.expect(201).json;
    assert!(key["apiKey"].as_str().unwrap().starts_with("ilq_"));
    assert!(key["keyId"].as_str().unwrap().starts_with("key_"));
    assert_eq!(key["product"], "liquidity");
    assert_eq!(key["scopes"], json!(["read", "write"]));
}

#[tokio::test]
async fn a_key_works_as_soon_as_it_is_shown() {
    let user = User::new().await;
    let (_, key) = user.key().await;
    user.score(&key).await.expect(200);
}

#[tokio::test]
async fn settings_are_kept_and_listed_without_the_secret() {
    let user = User::new().await;
    let body = json!({
        "product": "portal", "label": " CRM sync ", "scopes": ["messages:send", "clients:read", "messages:send"],
        "expires_at": "2027-01-31T12:00:00Z",
    });
    let created = user.create(&body).send().await.expect(201).json;
    let raw = created["apiKey"].as_str().unwrap();
    let mut listed = user.listed().await;
    assert_eq!(listed.len(), 1);
    assert!(!json!(listed).to_string().contains(raw));
    assert_eq!(listed[0]["last4"], raw[raw.len() - 4..]);
    assert_eq!(listed[0]["keyId"], created["keyId"]);
    listed[0]["last4"] = "[last4]".into();
    listed[0]["keyId"] = "[key]".into();
    insta::assert_json_snapshot!(listed, @r#"
    [
      {
        "created_at": "2026-11-15T12:00:10Z",
        "expires_at": "2027-01-31T12:00:00Z",
        "keyId": "[key]",
        "label": "CRM sync",
        "last4": "[last4]",
        "prefix": "ik_live_",
        "product": "portal",
        "scopes": [
          "messages:send",
          "clients:read"
        ],
        "state": "active"
      }
    ]
    "#);
}

#[tokio::test]
async fn scopes_of_a_key_hold() {
    let user = User::new().await;
    let body = json!({ "product": "intent", "scopes": ["read"] });
    let key = user.create(&body).send().await.expect(201).json;
    let key = key["apiKey"].as_str().unwrap();
    user.score(key).await.expect(200);
    let refused = user.app.post("/api/v1/signals").bearer(key).send().await;
    assert_eq!(refused.expect(403).json["error"]["scope"], "write");
}

#[tokio::test]
async fn requests_that_are_not_in_order() {
    let user = User::new().await;
    for (body, field, reason) in [
        (
            json!({ "product": "weather" }),
            "product",
            "product_unknown",
        ),
        (json!({ "scopes": [] }), "scopes", "scopes_empty"),
        (json!({ "scopes": ["admin"] }), "scopes", "scope_unknown"),
        (
            json!({ "scopes": ["clients:read"] }),
            "scopes",
            "scope_unknown",
        ),
        (
            json!({ "product": "portal", "scopes": ["read"] }),
            "scopes",
            "scope_unknown",
        ),
        (json!({ "label": " " }), "label", "text_invalid"),
        (json!({ "label": "a\nb" }), "label", "text_invalid"),
        (json!({ "label": "x".repeat(101) }), "label", "text_invalid"),
        (
            json!({ "expires_at": "tomorrow" }),
            "expires_at",
            "time_invalid",
        ),
        (
            json!({ "expires_at": "2026-11-15T12:00:10Z" }),
            "expires_at",
            "time_in_past",
        ),
    ] {
        let refused = user.create(&body).send().await.expect(400);
        assert_eq!(refused.error().1, reason, "{body}");
        assert_eq!(refused.json["error"]["field"], field, "{body}");
    }
    for body in [
        json!({ "Product": "intent" }),
        json!({ "label": 7 }),
        json!([]),
    ] {
        let refused = user.create(&body).send().await.expect(400);
        assert_eq!(refused.error().1, "json_invalid", "{body}");
    }
    assert!(user.listed().await.is_empty());
}
