use serde_json::json;
use tests::{Deployed, answer};
use types::Product;

const PATH: &str = "/api/v1/scoring-profiles";

#[tokio::test]
async fn a_profile_is_made_marked_and_removed() {
    let stack = Deployed::running();
    let customer = stack.customer_on(Product::Liquidity, "professional").await;
    let form = |name: &str| {
        json!({
            "name": name,
            "weights": { "aum": 0.4, "redemption": 0.25, "secondaryVolume": 0.1, "issuer": 0.15, "jurisdiction": 0.1 },
        })
    };
    let post = || {
        let post = stack.post(PATH).bearer_auth(&customer.raw);
        let post = post.header("idempotency-key", "a key of this test");
        answer(post.json(&form("Conservative Treasury")))
    };
    let made = post().await.expect(201).json;
    let again = post().await.expect(201);
    assert_eq!(again.json, made);
    assert_eq!(again.header("idempotent-replayed"), "true");
    let id = made["profile"]["id"].as_str().unwrap();
    let one = format!("{PATH}/{id}");
    let put = stack.put(&one).bearer_auth(&customer.raw);
    answer(put.json(&form("Treasury"))).await.expect(200);
    let set = stack.put(&format!("{one}/default"));
    let set = answer(set.bearer_auth(&customer.raw)).await.expect(200);
    let get = stack.get(&one).bearer_auth(&customer.raw);
    assert_eq!(answer(get).await.expect(200).json, set.json);
    assert_eq!(set.json["profile"]["is_default"], true);
    let clear = stack.delete(&format!("{PATH}/default"));
    let cleared = answer(clear.bearer_auth(&customer.raw)).await.expect(200);
    assert_eq!(cleared.json, json!({ "success": true }));
    let list = stack.get(PATH).bearer_auth(&customer.raw);
    let listed = answer(list).await.expect(200).json;
    assert_eq!(listed["profiles"][0]["is_default"], false);
    let delete = stack.delete(&one).bearer_auth(&customer.raw);
    answer(delete).await.expect(200);
    let list = stack.get(PATH).bearer_auth(&customer.raw);
    assert_eq!(answer(list).await.expect(200).json["profiles"], json!([]));
}
