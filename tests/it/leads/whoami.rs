use serde_json::json;
use tests::TestApp;
use types::Product;

#[tokio::test]
async fn an_account_stands_for_user_and_team() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Leads, "free", 0).await;
    let answer = app.get("/v1/whoami").api_key(&customer).send().await;
    let answer = answer.expect(200);
    let name = &answer.json["user"]["name"];
    assert!(name.is_string() || name.is_null(), "{}", answer.json);
    assert_eq!(answer.json["team"], json!({ "name": name }));
    assert_eq!(
        answer.header("ratelimit"),
        "limit=60, remaining=59, reset=60"
    );
}
