use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use expect_test::expect;
use serde_json::{Value, json};
use tests::{Call, TestApp};
use types::Product;

fn ask(app: &TestApp) -> Call {
    app.post("/graphql")
        .json(&json!({ "query": "{ account { plans { name } } }" }))
}

#[tokio::test]
async fn a_key_is_taken_encoded_and_decoded() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Leads, "free", 0).await;
    let encoded = customer.raw.clone();
    let decoded = String::from_utf8(BASE64.decode(&encoded).unwrap()).unwrap();
    assert!(decoded.ends_with(':'));
    for key in [&*encoded, &decoded, decoded.trim_end_matches(':')] {
        let graphql = ask(&app).header("authorization", &format!("Basic {key}"));
        graphql.send().await.expect(200);
        let rest = app.get("/v1/whoami").header("x-api-key", key);
        rest.send().await.expect(200);
    }
}

#[tokio::test]
async fn a_wrong_credential_is_refused_in_the_dialect_of_the_path() {
    let app = TestApp::new().await;
    let shown = |mut json: Value| {
        for id in ["/errors/0/extensions/requestId", "/details/requestId"] {
            if let Some(id) = json.pointer_mut(id) {
                *id = "[request]".into();
            }
        }
        json.to_string()
    };
    let graphql = ask(&app).header("authorization", "Bearer nonsense");
    expect![[r#"{"errors":[{"extensions":{"code":"UNAUTHORIZED","reason":"key_malformed","requestId":"[request]","response":{"status":401}},"message":"this is not an API key of leads; send it as it was shown when it was issued"}]}"#]]
        .assert_eq(&shown(graphql.send().await.expect(401).json));
    let rest = app.get("/v1/whoami");
    expect![[r#"{"code":"key_missing","details":{"reason":"key_missing","requestId":"[request]"},"message":"send your decoded API key as \"X-API-Key: lq_live_…\""}"#]]
        .assert_eq(&shown(rest.send().await.expect(401).json));
}

#[tokio::test]
async fn a_key_of_another_product_is_refused_in_the_dialect_of_the_path() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let graphql = ask(&app).header("authorization", &format!("Basic {}", customer.raw));
    let answer = graphql.send().await.expect(403);
    assert_eq!(answer.error(), ("FORBIDDEN", "wrong_product"));
    let rest = app.get("/v1/whoami").header("x-api-key", &customer.raw);
    assert_eq!(rest.send().await.expect(403).error().0, "wrong_product");
}
