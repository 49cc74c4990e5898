use serde_json::json;
use tests::{Customer, TestApp};

use super::{open, operate, refusal, text};

const SCORE: &str = "/api/v1/score?domain=stripe.com";

#[tokio::test]
async fn is_issued_with_its_scopes_and_ended_at_once() {
    let app = TestApp::new().await;
    let customer = open(&app, "5").await;
    let account = customer.account.to_string();
    let words = [
        "key", "issue", &account, "intent", "--label", "ci", "--scopes", "read",
    ];
    let end = ["--expires-at", "2026-11-20T00:00:00Z"];
    let issued = super::json(&app, &[&words[..], &end].concat()).await;
    let id = issued["key_id"].as_str().unwrap();
    let reader = Customer {
        raw: issued["key"].as_str().unwrap().to_owned(),
        ..customer.clone()
    };
    let answer = app.get(SCORE).key(&reader).send().await.expect(200);
    assert_eq!(answer.header("x-key-expires"), "2026-11-20T00:00:00Z");
    let write = app.post("/api/v1/signals").key(&reader).json(&json!({}));
    let refused = write.send().await.expect(403);
    assert_eq!(refused.json["error"]["scope"], "write");

    let listed = super::json(&app, &["key", "list", &account]).await;
    let listed = listed.as_array().unwrap();
    let entry = listed.iter().find(|key| key["keyId"] == id).unwrap();
    assert_eq!(
        (&entry["label"], &entry["scopes"], &entry["state"]),
        (&json!("ci"), &json!(["read"]), &json!("active"))
    );
    assert_eq!(listed.len(), 2);

    let told = text(&app, &["key", "revoke", &account, id]).await;
    assert_eq!(told, format!("{id} is revoked\n"));
    let refused = app.get(SCORE).key(&reader).send().await.expect(401);
    assert_eq!(refused.error().1, "key_revoked");
    app.get(SCORE).key(&customer).send().await.expect(200);
    // Whoever did not hear of it may say it again.
    text(&app, &["key", "revoke", &account, id]).await;
    let listed = text(&app, &["key", "list", &account]).await;
    let line = listed.lines().find(|line| line.starts_with(id)).unwrap();
    assert!(line.contains("  revoked  ci  "), "{line}");
    assert!(!listed.contains(&reader.raw), "no secret is shown twice");
}

#[tokio::test]
async fn what_is_refused() {
    let app = TestApp::new().await;
    let (one, other) = (open(&app, "5").await, open(&app, "5").await);
    let account = one.account.to_string();
    for (words, why) in [
        (
            &["issue", &account, "intent", "--scopes", "read,clients:read"][..],
            "intent has no scope clients:read; use read, write",
        ),
        (
            &[
                "issue",
                &account,
                "intent",
                "--expires-at",
                "2026-11-15T12:00:10Z",
            ],
            "--expires-at is in the past",
        ),
        (
            &["issue", &account, "leads"],
            "the account does not have this product",
        ),
        (
            &["revoke", &account, &other.key.to_string()],
            "there is no such key",
        ),
    ] {
        assert_eq!(refusal(&app, &[&["key"], words].concat()).await, why);
    }
    app.get(SCORE).key(&other).send().await.expect(200);
    let wrong = operate(&app, &["key", "issue", &account, "intent", "--label", ""]).await;
    assert_eq!(wrong.code, 2);
    for _ in 0..4 {
        text(&app, &["key", "issue", &account, "intent"]).await;
    }
    assert_eq!(
        refusal(&app, &["key", "issue", &account, "intent"]).await,
        "5 keys of this product are active, and no more may be; revoke one first"
    );
}
