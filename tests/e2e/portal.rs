use serde_json::json;
use tests::{Deployed, answer};
use types::Product;

#[tokio::test]
async fn a_client_is_added_listed_and_read() {
    let stack = Deployed::running();
    let customer = stack.customer_on(Product::Portal, "free").await;
    let get = async |path: &str| {
        let call = stack.get(path).bearer_auth(&customer.raw);
        answer(call).await.expect(200).json
    };
    let client = json!({ "client_ref": "partner-123", "name": "Partner Ltd" });
    let create = || {
        let call = stack.post("/v1/clients").bearer_auth(&customer.raw);
        call.header("idempotency-key", "550e8400").json(&client)
    };
    let made = answer(create()).await.expect(201).json;
    assert_eq!(answer(create()).await.expect(201).json, made);
    assert_eq!(get("/v1/clients").await, json!({ "clients": [made] }));
    assert_eq!(get("/v1/clients/partner-123").await, made);
}
