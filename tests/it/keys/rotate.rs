use super::*;

#[tokio::test]
async fn both_keys_work_for_a_day() {
    let user = User::new().await;
    let body = json!({ "product": "intent", "label": "CRM", "scopes": ["read"] });
    let old = user.create(&body).send().await.expect(201).json;
    let (id, raw) = (
        old["keyId"].as_str().unwrap(),
        old["apiKey"].as_str().unwrap(),
    );
    let new = user.rotate(id).await.expect(201).json;
    assert_eq!(new["gracePeriodEnds"], "2026-11-16T12:00:10Z");
    assert_ne!(new["keyId"], id);
    for name in ["product", "label", "scopes"] {
        assert_eq!(new[name], old[name]);
    }
    let fresh = new["apiKey"].as_str().unwrap();
    for key in [raw, fresh] {
        user.score(key).await.expect(200);
    }
    assert_eq!(user.state_of(id).await, "grace");
    user.app.clock.advance(86_399);
    user.score(raw).await.expect(200);
    user.app.clock.advance(1);
    assert_eq!(user.score(raw).await.expect(401).error().1, "key_revoked");
    user.score(fresh).await.expect(200);
    assert_eq!(user.state_of(id).await, "rotated");
    let keys = user.listed().await;
    let old = keys.iter().find(|key| key["keyId"] == id).unwrap();
    assert_eq!(old["replaced_by"], new["keyId"]);
}

#[tokio::test]
async fn the_lineage_stays() {
    let user = User::new().await;
    let (first, _) = user.key().await;
    let mut id = first.clone();
    for _ in 0..3 {
        let new = user.rotate(&id).await.expect(201).json;
        id = new["keyId"].as_str().unwrap().to_owned();
    }
    let account = user.account().await;
    let last = user
        .app
        .accounts
        .issued_key(account, id.parse().unwrap())
        .await;
    assert_eq!(last.unwrap().unwrap().row.lineage.to_string(), first);
}

#[tokio::test]
async fn parallel_rotations_make_one_new_key() {
    let user = User::new().await;
    let (id, _) = user.key().await;
    let requests = (0..20).map(|_| user.rotate(&id));
    let answers = futures::future::join_all(requests).await;
    let made: Vec<&Answer> = answers.iter().filter(|a| a.status == 201).collect();
    assert_eq!(made.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.status, 409, "{}", answer.json);
        assert_eq!(answer.error(), ("DUPLICATE", "key_rotated"));
        assert_eq!(answer.json["error"]["replaced_by"], made[0].json["keyId"]);
    }
    let account = user.account().await;
    let meter = user.app.accounts.meter(account, Product::Intent).await;
    assert_eq!(meter.unwrap().unwrap().active_keys(), 1);
}

#[tokio::test]
async fn rotating_while_keys_come_and_go() {
    let user = User::new().await;
    let (kept, revoked) = (user.key().await.0, user.key().await.0);
    let body = json!({ "product": "intent" });
    let ((), rotated, gone) = futures::join!(
        async {
            for _ in 0..3 {
                user.create(&body).send().await.expect(201);
            }
        },
        user.rotate(&kept),
        user.revoke(&revoked),
    );
    rotated.expect(201);
    gone.expect(204);
    let states: Vec<Value> = user
        .listed()
        .await
        .into_iter()
        .map(|key| key["state"].clone())
        .collect();
    let count = |state: &str| states.iter().filter(|s| **s == state).count();
    assert_eq!(
        (count("active"), count("grace"), count("revoked")),
        (4, 1, 1)
    );
    let account = user.account().await;
    let meter = user.app.accounts.meter(account, Product::Intent).await;
    assert_eq!(meter.unwrap().unwrap().active_keys(), 4);
}

#[tokio::test]
async fn keys_that_cannot_be_rotated() {
    let user = User::new().await;
    let (id, _) = user.key().await;
    user.revoke(&id).await.expect(204);
    assert_eq!(user.rotate(&id).await.expect(404).error().1, "key_revoked");
    for unknown in [
        "key_01k9xw3tkbc2v6m8p4h0r5zqde",
        "uuid",
        "",
        &id.to_uppercase(),
    ] {
        assert_eq!(
            user.rotate(unknown).await.expect(404).error(),
            ("NOT_FOUND", "")
        );
    }
    let other = User {
        name: "eve",
        issuer: Issuer::start(),
        app: user.app.clone(),
    };
    let other = User {
        app: other.app.with_issuer(&other.issuer),
        ..other
    };
    let (mine, _) = user.key().await;
    other.rotate(&mine).await.expect(404);
    let call = user.with_session(user.app.post("/api/v1/user/keys/rotate"));
    let refused = call
        .json(&json!({ "key_id": mine }))
        .send()
        .await
        .expect(400);
    assert_eq!(refused.error().1, "json_invalid");
    let call = user.with_session(user.app.post("/api/v1/user/keys/rotate"));
    call.send().await.expect(415);
}
