use super::*;
use types::Timestamp;

const DAY: i64 = 86_400;

/// A customer of liquidity on a plan, with a key of the test's; the key's row says when it ends.
async fn expiry_on(app: &TestApp, plan: &str, wanted: Option<Timestamp>) -> Option<i64> {
    let customer = app.customer_on(Product::Liquidity, plan, 0).await;
    let keyring = Keyring::new(app.accounts.clone(), Plan::rotation_days);
    let (now, actor) = (app.clock.now(), Actor::Operator);
    let by = ChangedBy {
        actor,
        now,
        request: None,
    };
    let request = KeyRequest {
        product: Product::Liquidity,
        scopes: vec![Scope::Read],
        label: None,
        expires_at: wanted,
    };
    let issued = keyring
        .issue(&by, customer.account, types::KeyId::new(by.now), &request)
        .await
        .unwrap();
    let end = issued.0.row.expires_at?;
    Some((end.as_second() - now.as_second()) / DAY)
}

#[tokio::test]
async fn a_plan_ends_keys_at_its_rotation_age() {
    let app = TestApp::new().await;
    let in_days = |days: i64| Timestamp::from_second(app.clock.now().as_second() + days * DAY).ok();
    for (plan, wanted, days) in [
        ("analyst", None, Some(90)),
        ("professional", None, Some(180)),
        ("institutional", None, Some(365)),
        ("observer", None, None),
        ("observer", in_days(1_000), Some(1_000)),
        ("analyst", in_days(30), Some(30)),
        ("analyst", in_days(1_000), Some(90)),
    ] {
        assert_eq!(
            expiry_on(&app, plan, wanted).await,
            days,
            "{plan} {wanted:?}"
        );
    }
}

#[tokio::test]
async fn an_expired_key_is_refused_without_a_call_and_answers_before_say_so() {
    let user = User::new().await;
    let end = Timestamp::from_second(user.app.clock.now().as_second() + 20 * DAY).unwrap();
    let body = json!({ "product": "intent", "expires_at": end.to_string() });
    let key = user.create(&body).send().await.expect(201).json;
    let (id, key) = (
        key["keyId"].as_str().unwrap(),
        key["apiKey"].as_str().unwrap(),
    );
    assert_eq!(
        user.score(key).await.expect(200).header("x-key-expires"),
        ""
    );
    user.app.clock.advance(6 * DAY - 1);
    assert_eq!(
        user.score(key).await.expect(200).header("x-key-expires"),
        ""
    );
    user.app.clock.advance(1);
    let answer = user.score(key).await.expect(200);
    assert_eq!(answer.header("x-key-expires"), end.to_string());
    // On errors too.
    let refused = user
        .app
        .get("/api/v1/score")
        .bearer(key)
        .send()
        .await
        .expect(400);
    assert_eq!(refused.header("x-key-expires"), end.to_string());

    user.app.clock.advance(14 * DAY - 1);
    user.score(key).await.expect(200);
    user.app.clock.advance(1);
    let calls = async || {
        let meter = user
            .app
            .accounts
            .meter(user.account().await, Product::Intent);
        meter.await.unwrap().unwrap().months
    };
    let before = calls().await;
    for app in [&user.app, &user.app.restarted()] {
        let refused = app.get(SCORE).bearer(key).send().await.expect(401);
        assert_eq!(refused.error(), ("UNAUTHORIZED", "key_expired"));
    }
    assert_eq!(calls().await, before);
    assert_eq!(user.state_of(id).await, "expired");
    assert_eq!(user.rotate(id).await.expect(404).error().1, "key_expired");
    user.revoke(id).await.expect(204);
}

#[tokio::test]
async fn a_rotated_key_keeps_the_expiry_that_was_asked_for() {
    let user = User::new().await;
    let end = Timestamp::from_second(user.app.clock.now().as_second() + 3_600).unwrap();
    let body = json!({ "product": "intent", "expires_at": end.to_string() });
    let key = user.create(&body).send().await.expect(201).json;
    let new = user
        .rotate(key["keyId"].as_str().unwrap())
        .await
        .expect(201)
        .json;
    assert_eq!(new["expires_at"], end.to_string());
    // Its grace is not longer than its life.
    assert_eq!(new["gracePeriodEnds"], end.to_string());
}
