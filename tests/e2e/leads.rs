use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;
use tests::{Deployed, answer};
use types::Product;

#[tokio::test]
async fn an_account_by_graphql_and_its_owner_by_rest() {
    let stack = Deployed::running();
    let customer = stack.customer_on(Product::Leads, "growth").await;
    let query = json!({ "query": "{ account { universalPlan { name available } } }" });
    let call = stack.post("/graphql").json(&query);
    let call = call.header("authorization", format!("Basic {}", customer.raw));
    let found = answer(call).await.expect(200);
    let plan = json!({ "name": "growth", "available": 0 });
    assert_eq!(found.json["data"]["account"]["universalPlan"], plan);
    assert!(
        found
            .header("ratelimit")
            .starts_with("limit=120, remaining=119, reset=")
    );

    let decoded = String::from_utf8(BASE64.decode(&customer.raw).unwrap()).unwrap();
    let whoami = stack.get("/v1/whoami").header("x-api-key", decoded);
    answer(whoami).await.expect(200);
    let refused = answer(stack.get("/v1/whoami")).await.expect(401);
    assert_eq!(refused.json["code"], "key_missing");
}
