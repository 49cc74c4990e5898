use serde_json::json;
use tests::{Deployed, answer};

/// The id of `ondo-usdy`, which is among the sample protocols.
const USDY: &str = "9dc9aad6-0323-5fb4-8c07-1edb45622157";

#[tokio::test]
async fn a_report_is_made_and_downloaded_by_its_link() {
    let stack = Deployed::running();
    let session = stack.session().await;
    let key = types::unique(stack.now());
    let post = || {
        let post = stack.post("/api/reports/generate").bearer_auth(&session);
        let post = post.header("idempotency-key", &key);
        answer(post.json(&json!({ "protocolId": USDY })))
    };
    let made = post().await.expect(201).json;
    assert_eq!(post().await.expect(201).json, made);
    let link = made["downloadUrl"].as_str().unwrap();
    // The client follows the redirect.
    let file = stack.get(link).send().await.unwrap();
    assert_eq!(file.status(), 200);
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF"));
    let id = made["reportId"].as_str().unwrap();
    let one = stack.get(&format!("/api/reports/{id}"));
    let one = answer(one.bearer_auth(&session)).await.expect(200).json;
    assert_eq!(one["protocol"]["slug"], "ondo-usdy");
    let list = stack.get("/api/reports").bearer_auth(&session);
    let list = answer(list).await.expect(200).json;
    assert_eq!(list["reports"][0]["reportId"], id);
}
