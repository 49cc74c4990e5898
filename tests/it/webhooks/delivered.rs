use expect_test::expect;
use http::Method;
use serde_json::{Value, json};
use tests::{Arrived, Conduct, message};
use webhook_store::DeliveryState;

use super::Set;

impl Set {
    fn arrived(&self) -> Vec<Arrived> {
        self.web
            .seen()
            .iter()
            .map(|request| Arrived::of(request))
            .collect()
    }
}

#[tokio::test]
async fn an_event_arrives_signed() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", "thanks".to_owned()));
    set.happens(80).await;
    assert_eq!(set.workers.send().await, 1);
    let arrived = set.arrived();
    let [request] = arrived.as_slice() else {
        panic!("{} requests", arrived.len())
    };
    assert!(request.is_signed_by(&set.secret));
    assert!(request.is_standard_by(&set.secret));
    assert_eq!(request.header("x-intliq-event"), "quota.warning");
    assert_eq!(request.header("content-type"), "application/json");
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let id = request.header("webhook-id");
    let shown = request.body.replace(id, "[event]");
    expect![[r#"{"id":"[event]","type":"quota.warning","created_at":"2026-11-15T12:00:10Z","api_version":"2026-11-28","data":{"limit_calls":10000,"percent":80,"used_calls":8000}}"#]]
        .assert_eq(&shown);

    let list = set.read("/deliveries").await;
    let delivery = &list["deliveries"][0];
    assert_eq!(delivery["state"], "delivered");
    assert_eq!(delivery["event_id"], id);
    let delivery = delivery["id"].as_str().unwrap();
    assert_eq!(delivery, request.header("x-intliq-delivery-id"));
    let one = set.read(&format!("/deliveries/{delivery}")).await;
    assert_eq!(one["body"], body);
    assert_eq!(
        one["attempts"],
        json!([{
            "number": 1, "trigger": "schedule", "at": "2026-11-15T12:00:10Z", "duration_ms": 0, "status": 200,
            "response": "thanks", "error": null
        }])
    );
    let webhook = set.read("").await;
    assert_eq!(webhook["last_success_at"], "2026-11-15T12:00:10Z");
}

#[tokio::test]
async fn a_message_that_comes_twice_and_an_event_that_is_dispatched_twice_send_once() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.happens(80).await;
    set.workers.dispatch().await;
    let deliveries = set.workers.deliveries().await;
    assert_eq!(deliveries.len(), 1);
    let message = message(&deliveries[0]);
    let twice = (0..8).map(|_| set.workers.sender.handle(&message));
    let results = futures::future::join_all(twice).await;
    assert!(results.iter().any(Result::is_ok));
    set.workers.sender.handle(&message).await.unwrap();
    assert_eq!(set.arrived().len(), 1);
}

#[tokio::test]
async fn after_a_rotation_both_secrets_sign_for_a_day() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    let rotated = set
        .call(Method::POST, "/rotate-secret", None)
        .await
        .expect(200);
    let new = rotated.json["secret"].as_str().unwrap();
    assert_ne!(new, set.secret);
    let expires = &rotated.json["webhook"]["previous_secret_expires_at"];
    assert_eq!(expires, "2026-11-16T12:00:10Z");
    set.happens(80).await;
    set.workers.send().await;
    let [during] = &set.arrived()[..] else {
        panic!()
    };
    assert!(during.is_standard_by(new) && during.is_standard_by(&set.secret));
    assert!(during.is_signed_by(&set.secret));
    set.workers.app.clock.advance(86_400);
    set.happens(100).await;
    set.workers.send().await;
    let [after] = &set.arrived()[..] else {
        panic!()
    };
    assert!(after.is_standard_by(new) && !after.is_standard_by(&set.secret));
    assert!(after.is_signed_by(new));
    // At once, if somebody else may know it.
    let now = set.call(
        Method::POST,
        "/rotate-secret",
        Some(json!({ "grace_hours": 0 })),
    );
    let now = now.await.expect(200).json["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    set.call(Method::POST, "/test", None).await.expect(202);
    set.workers.send().await;
    let [last] = &set.arrived()[..] else { panic!() };
    assert!(last.is_standard_by(&now) && !last.is_standard_by(new));
}

#[tokio::test]
async fn a_test_is_marked_and_has_the_example_of_its_type() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(204, "", String::new()));
    let test = set.call(
        Method::POST,
        "/test",
        Some(json!({ "event": "score_change" })),
    );
    let test = test.await.expect(202).json;
    assert_eq!(
        (&test["state"], &test["event_type"]),
        (&json!("pending"), &json!("score_change"))
    );
    set.workers.send().await;
    let [request] = &set.arrived()[..] else {
        panic!()
    };
    let body: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        (&body["test"], &body["data"]["slug"]),
        (&json!(true), &json!("ondo-usdy"))
    );
    let refused = set.call(Method::POST, "/test", Some(json!({ "event": "nothing" })));
    assert_eq!(refused.await.expect(400).error().1, "event_unknown");
}

#[tokio::test]
async fn headers_of_the_accounts_own_are_sent_and_stored_sealed() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    let headers = json!({ "headers": { "Authorization": "Bearer of-this-test" } });
    set.call(Method::PATCH, "", Some(headers)).await.expect(200);
    set.happens(80).await;
    set.workers.send().await;
    let [request] = &set.arrived()[..] else {
        panic!()
    };
    assert_eq!(request.header("authorization"), "Bearer of-this-test");
    let stored = format!("{:?}", set.workers.app.everything().await.items);
    assert!(!stored.contains("of-this-test"));
    assert!(!stored.contains(&set.secret) && !stored.contains("whsec_"));
}

#[tokio::test]
async fn a_delivery_is_sent_again_with_the_same_ids() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    set.happens(80).await;
    set.workers.send().await;
    let before = &set.workers.deliveries().await[0];
    let path = format!("/deliveries/{}/resend", before.delivery);
    let resent = set.call(Method::POST, &path, None).await.expect(202).json;
    assert_eq!(
        (&resent["state"], &resent["attempt_count"]),
        (&json!("pending"), &json!(1))
    );
    set.workers.send().await;
    let [first, second] = &set.arrived()[..] else {
        panic!()
    };
    for name in ["webhook-id", "x-intliq-delivery-id"] {
        assert_eq!(first.header(name), second.header(name));
    }
    assert_eq!(first.body, second.body);
    let after = &set.workers.deliveries().await[0];
    assert_eq!((after.state, after.made), (DeliveryState::Delivered, 2));
    set.call(Method::POST, "/disable", None).await.expect(200);
    let refused = set.call(Method::POST, &path, None).await.expect(409);
    assert_eq!(refused.error().1, "webhook_disabled");
}

#[tokio::test]
async fn deliveries_are_listed_by_page_state_and_type() {
    let set = Set::up().await;
    set.behaves(Conduct::Answers(200, "", String::new()));
    for _ in 0..3 {
        set.call(Method::POST, "/test", None).await.expect(202);
        set.workers.app.clock.advance(1);
    }
    set.workers.send().await;
    set.call(
        Method::POST,
        "/test",
        Some(json!({ "event": "aum_change" })),
    )
    .await
    .expect(202);
    let first = set.read("/deliveries?limit=2").await;
    let shown = |page: &Value| page["deliveries"].as_array().unwrap().len();
    assert_eq!(shown(&first), 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = set
        .read(&format!("/deliveries?limit=2&cursor={cursor}"))
        .await;
    assert_eq!(shown(&second), 2);
    assert_eq!(shown(&set.read("/deliveries?state=pending").await), 1);
    assert_eq!(shown(&set.read("/deliveries?event=aum_change").await), 1);
    assert_eq!(
        shown(
            &set.read("/deliveries?event=aum_change&state=delivered")
                .await
        ),
        0
    );
    let invalid = set.call(Method::GET, "/deliveries?state=lost", None).await;
    assert_eq!(invalid.expect(400).error().1, "parameter_invalid");
    // After 30 days it is gone, whether DynamoDB has deleted it or not.
    set.workers.app.clock.advance(30 * 86_400 + 10);
    assert_eq!(shown(&set.read("/deliveries").await), 0);
}
