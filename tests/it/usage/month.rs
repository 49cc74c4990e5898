//! `GET /api/v1/usage`.

use serde_json::json;
use tests::TestApp;
use types::Product;

const PATH: &str = "/api/v1/usage";

#[tokio::test]
async fn tells_what_the_month_has_used_of_the_plan() {
    let app = TestApp::new().await;
    let analyst = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let answer = app.get(PATH).key(&analyst).send().await.expect(200);
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "apiCallsLimit": 2000,
        "apiCallsUsed": 0,
        "plan": "analyst",
        "product": "liquidity",
        "reportsGenerated": 0,
        "reportsLimit": 25,
        "resetAt": "2026-12-01T00:00:00Z"
      },
      "status": 200
    }
    "#);
}

#[tokio::test]
async fn counts_calls_and_is_none_itself() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Intent, "scale", 10).await;
    for used in 0..3 {
        let answer = app.get(PATH).key(&customer).send().await.expect(200);
        assert_eq!(answer.json["apiCallsUsed"], used);
        assert_eq!(answer.json["apiCallsLimit"], json!(null));
        let score = app.get("/api/v1/score?domain=stripe.com").key(&customer);
        score.send().await.expect(200);
    }
    assert_eq!(app.calls_this_minute(&customer).await, 6);
    app.clock.advance(30 * 86_400);
    let answer = app.get(PATH).key(&customer).send().await.expect(200);
    assert_eq!(answer.json["apiCallsUsed"], 0);
    assert_eq!(answer.json["resetAt"], "2027-01-01T00:00:00Z");
}

#[tokio::test]
async fn is_told_to_an_account_that_has_used_its_month_up() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(Some(60), Some(1), 10).await;
    let score = || {
        app.get("/api/v1/score?domain=stripe.com")
            .key(&customer)
            .send()
    };
    score().await.expect(200);
    score().await.expect(429);
    let answer = app.get(PATH).key(&customer).send().await.expect(200);
    assert_eq!(answer.json["apiCallsUsed"], 1);
}

#[tokio::test]
async fn a_key_tells_of_its_own_product_only() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let get = |query: &str| app.get(&format!("{PATH}?{query}")).key(&customer).send();
    get("product=intent").await.expect(200);
    let answer = get("product=leads").await.expect(403);
    assert_eq!(answer.error().1, "wrong_product");
    let answer = get("product=magic").await.expect(400);
    assert_eq!(answer.error().1, "parameter_invalid");
    let answer = get("month=1").await.expect(400);
    assert_eq!(answer.error().1, "parameter_unknown");
}
