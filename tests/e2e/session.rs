use serde_json::json;
use tests::{Deployed, answer};

const SCORE: &str = "/api/v1/score?domain=example.com";
const KEYS: &str = "/api/v1/user/keys";

#[tokio::test]
async fn a_signed_in_user_manages_keys() {
    let stack = Deployed::running();
    let session = stack.session().await;
    answer(stack.get(SCORE).bearer_auth(&session))
        .await
        .expect(200);
    let body = json!({ "product": "intent", "label": "e2e" });
    let create = stack.post(KEYS).bearer_auth(&session).json(&body);
    let created = answer(create).await.expect(201).json;
    let key = |answer: &serde_json::Value| answer["apiKey"].as_str().unwrap().to_owned();
    let score = async |key: &str| answer(stack.get(SCORE).bearer_auth(key)).await;
    let old = key(&created);
    score(&old).await.expect(200);

    let rotate = stack.post("/api/v1/user/keys/rotate").bearer_auth(&session);
    let rotate = rotate.json(&json!({ "keyId": created["keyId"] }));
    let rotated = answer(rotate).await.expect(201).json;
    for key in [&old, &key(&rotated)] {
        score(key).await.expect(200);
    }
    for made in [&created, &rotated] {
        let path = format!("{KEYS}/{}", made["keyId"].as_str().unwrap());
        answer(stack.delete(&path).bearer_auth(&session))
            .await
            .expect(204);
        assert_eq!(score(&key(made)).await.expect(401).error().1, "key_revoked");
    }
    let list = answer(stack.get(KEYS).bearer_auth(&session))
        .await
        .expect(200)
        .json;
    assert!(list["keys"].as_array().unwrap().len() >= 2);
    let log = stack.get("/api/v1/audit?limit=2").bearer_auth(&session);
    let log = answer(log).await.expect(200).json;
    assert_eq!(log["entries"][0]["action"], "key.revoke");

    let refused = stack.get(KEYS).bearer_auth(&stack.stack.keys["intent"]);
    assert_eq!(
        answer(refused).await.expect(403).error().1,
        "session_required"
    );
}

#[tokio::test]
async fn a_changed_session_token_is_refused() {
    let stack = Deployed::running();
    let session = stack.session().await;
    let (text, signature) = session.rsplit_once('.').unwrap();
    let (first, rest) = signature.split_at(1);
    let other = if first == "A" { "B" } else { "A" };
    let forged = format!("{text}.{other}{rest}");
    let refused = answer(stack.get(SCORE).bearer_auth(&forged))
        .await
        .expect(401);
    assert_eq!(refused.error().1, "token_signature");
}
