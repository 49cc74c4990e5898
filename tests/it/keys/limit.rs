use super::*;

#[tokio::test]
async fn parallel_requests_leave_five_keys_of_a_product() {
    let user = User::new().await;
    user.listed().await;
    let body = json!({ "product": "intent" });
    let requests = (0..20).map(|_| user.create(&body).send());
    let answers = futures::future::join_all(requests).await;
    let (made, refused): (Vec<Answer>, Vec<Answer>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 5);
    for answer in refused {
        let answer = answer.expect(429);
        assert_eq!(answer.error(), ("LIMIT_REACHED", "resource"));
        assert_eq!(answer.json["error"]["limit"], 5);
    }
    assert_eq!(user.listed().await.len(), 5);
    for answer in &made {
        let key = answer.json["apiKey"].as_str().unwrap();
        user.score(key).await.expect(200);
    }
    // Each product has its own five.
    user.create(&json!({ "product": "leads" }))
        .send()
        .await
        .expect(201);
    // One that is revoked makes room.
    let first = made[0].json["keyId"].as_str().unwrap();
    user.revoke(first).await.expect(204);
    user.key().await;
    user.create(&body).send().await.expect(429);
}

#[tokio::test]
async fn keys_in_grace_do_not_count() {
    let user = User::new().await;
    let mut keys = Vec::new();
    for _ in 0..5 {
        keys.push(user.key().await.0);
    }
    let new = user.rotate(&keys[0]).await.expect(201).json;
    let body = json!({ "product": "intent" });
    user.create(&body).send().await.expect(429);
    user.revoke(new["keyId"].as_str().unwrap())
        .await
        .expect(204);
    user.create(&body).send().await.expect(201);
}

#[tokio::test]
async fn keys_that_have_expired_make_room() {
    let user = User::new().await;
    let soon = user.app.clock.now().as_second() + 60;
    let soon = types::Timestamp::from_second(soon).unwrap().to_string();
    let body = json!({ "product": "intent", "expires_at": soon });
    for _ in 0..5 {
        user.create(&body).send().await.expect(201);
    }
    let lasting = json!({ "product": "intent" });
    user.create(&lasting).send().await.expect(429);
    user.app.clock.advance(60);
    let requests = (0..10).map(|_| user.create(&lasting).send());
    let answers = futures::future::join_all(requests).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 5);
    user.create(&lasting).send().await.expect(429);
}
