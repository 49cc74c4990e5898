use serde_json::json;
use tests::{Deployed, answer};
use types::Product;

const PATH: &str = "/api/v1/watchlist";

#[tokio::test]
async fn two_products_share_a_path() {
    let stack = Deployed::running();
    let (companies, protocols) = (
        stack.customer(10).await,
        stack.customer_on(Product::Liquidity, "analyst").await,
    );
    let domain = stack.unknown_domain();
    let add = stack.post(PATH).bearer_auth(&companies.raw);
    answer(add.json(&json!({ "domain": domain })))
        .await
        .expect(201);
    let add = stack.post(PATH).bearer_auth(&protocols.raw);
    answer(add.json(&json!({ "protocolSlug": "ondo-usdy" })))
        .await
        .expect(201);
    let list = stack.get(PATH).bearer_auth(&companies.raw);
    assert_eq!(answer(list).await.expect(200).json[0]["domain"], domain);
    let list = stack.get(PATH).bearer_auth(&protocols.raw);
    let listed = answer(list).await.expect(200).json;
    let protocol = &listed["watchlist"][0]["protocol"];
    assert_eq!(protocol["slug"], "ondo-usdy");
    assert!(protocol["name"].is_string());
    let remove = stack.delete(&format!("{PATH}/ondo-usdy"));
    answer(remove.bearer_auth(&protocols.raw)).await.expect(200);
}
