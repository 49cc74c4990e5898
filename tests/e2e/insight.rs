use serde_json::json;
use tests::{Deployed, answer};
use types::Credits;

const PROFILES: &str = "/api/v1/score/profiles";

#[tokio::test]
async fn the_past_and_other_weights() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let domain = stack.unknown_domain();
    let get = async |path: &str| {
        let call = stack.get(&format!("/api/v1/score{path}"));
        answer(call.bearer_auth(&customer.raw))
            .await
            .expect(200)
            .json
    };
    let signal = json!({
        "domain": domain, "kind": "hiring", "external_id": "1", "observed_at": stack.now().to_string(), "source": "e2e",
    });
    let post = stack.post("/api/v1/signals").bearer_auth(&customer.raw);
    answer(post.json(&signal)).await.expect(200);
    let score = get(&format!("?domain={domain}")).await;
    let at = score["scored_at"].as_str().unwrap();
    let explained = get(&format!("/explain?domain={domain}&at={at}")).await;
    assert_eq!(explained["signals"], score["signals"]);
    let history = get(&format!("/history?domain={domain}")).await;
    assert_eq!(history["points"][0]["at"], at);

    let profile = json!({ "name": "Growing teams", "weights": { "hiring": 60 } });
    let post = stack.post(PROFILES).bearer_auth(&customer.raw);
    let post = post.header("idempotency-key", "a key of this test");
    let made = answer(post.json(&profile)).await.expect(201).json;
    let id = made["profile_id"].as_str().unwrap();
    let one = format!("{PROFILES}/{id}");
    assert_eq!(get(&format!("/profiles/{id}")).await, made);
    let preview = get(&format!("/preview?domain={domain}&profile={id}")).await;
    assert!(preview["difference"].as_i64() > Some(10), "{preview}");
    assert_eq!(preview["standard"]["score"], score["score"]);

    let put = stack.put(&one).bearer_auth(&customer.raw);
    let other = json!({ "name": "Growing", "half_lives": { "hiring": 30 } });
    answer(put.json(&other)).await.expect(200);
    let delete = stack.delete(&one).bearer_auth(&customer.raw);
    answer(delete).await.expect(204);
    assert_eq!(get("/profiles").await["profiles"], json!([]));
    assert_eq!(customer.balance(&stack.accounts).await, Credits::whole(6));
}
