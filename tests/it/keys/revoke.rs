use super::*;

#[tokio::test]
async fn a_revoked_key_ends_at_once_everywhere() {
    let user = User::new().await;
    let (id, key) = user.key().await;
    let other_instance = user.app.restarted();
    for app in [&user.app, &other_instance] {
        app.get(SCORE).bearer(&key).send().await.expect(200);
    }
    user.revoke(&id).await.expect(204);
    for app in [&user.app, &other_instance] {
        let refused = app.get(SCORE).bearer(&key).send().await.expect(401);
        assert_eq!(refused.error().1, "key_revoked");
    }
    assert_eq!(user.state_of(&id).await, "revoked");
    // Whoever did not hear the answer may ask again.
    user.revoke(&id).await.expect(204);
    assert_eq!(user.log().await.len(), 3);
}

#[tokio::test]
async fn a_key_in_grace_can_be_ended_before_its_time() {
    let user = User::new().await;
    let (id, key) = user.key().await;
    user.rotate(&id).await.expect(201);
    user.score(&key).await.expect(200);
    user.revoke(&id).await.expect(204);
    assert_eq!(user.score(&key).await.expect(401).error().1, "key_revoked");
    assert_eq!(user.state_of(&id).await, "revoked");
}

#[tokio::test]
async fn another_user_s_key_does_not_exist() {
    let user = User::new().await;
    let (id, key) = user.key().await;
    let eve = user.issuer.token("eve", user.app.clock.now());
    let path = format!("{KEYS}/{id}");
    let call = user.app.call(Method::DELETE, &path).bearer(&eve);
    assert_eq!(call.send().await.expect(404).error(), ("NOT_FOUND", ""));
    let list = user.app.get(KEYS).bearer(&eve).send().await.expect(200);
    assert_eq!(list.json, json!({ "keys": [] }));
    user.score(&key).await.expect(200);
    for unknown in ["key_01k9xw3tkbc2v6m8p4h0r5zqde", "uuid", "%FF", "key_"] {
        user.revoke(unknown).await.expect(404);
    }
}

#[tokio::test]
async fn a_key_cannot_manage_keys() {
    let user = User::new().await;
    let (id, key) = user.key().await;
    let calls = [
        user.app.post(KEYS),
        user.app.get(KEYS),
        user.app.post("/api/v1/user/keys/rotate"),
        user.app.call(Method::DELETE, &format!("{KEYS}/{id}")),
        user.app.get("/api/v1/audit"),
    ];
    for call in calls {
        let refused = call.bearer(&key).send().await.expect(403);
        assert_eq!(refused.error(), ("FORBIDDEN", "session_required"));
    }
    assert_eq!(user.listed().await.len(), 1);
}

#[tokio::test]
async fn keys_that_ended_long_ago_are_not_listed() {
    let user = User::new().await;
    let (id, _) = user.key().await;
    user.revoke(&id).await.expect(204);
    user.app.clock.advance(90 * 86_400 - 1);
    assert_eq!(user.listed().await.len(), 1);
    user.app.clock.advance(1);
    assert!(user.listed().await.is_empty());
}
