use serde_json::json;
use tests::TestApp;
use types::Product;

#[tokio::test]
async fn an_account_stands_for_user_and_team() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Leads, "free", 0).await;
    let answer = app.get("/v1/whoami").api_key(&customer).send().await;
    let answer = answer.expect(200);
    // The harness opens accounts without a name, and what is not known is left out.
    assert_eq!(answer.json, json!({ "user": {}, "team": {} }));
    assert_eq!(
        answer.header("ratelimit"),
        "limit=60, remaining=59, reset=50"
    );
}
