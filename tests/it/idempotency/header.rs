//! The header itself, and whose key it is.

use accounts::Actor;
use auth::{ChangedBy, Keyring};
use quota::Plan;
use tests::{Call, Customer, TestApp};
use types::KeyId;

use super::probe::{Order, Probe};
use super::{KEY, assert_replays};

#[tokio::test]
async fn what_is_no_key_is_refused_and_counted() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order::default();
    let long = "x".repeat(256);
    let wrong = [
        ("", "idempotency_key_empty"),
        ("\"\"", "idempotency_key_empty"),
        (&*long, "idempotency_key_too_long"),
        ("a,b", "idempotency_key_malformed"),
        ("\"a", "idempotency_key_malformed"),
        ("a\tb", "idempotency_key_malformed"),
        ("é", "idempotency_key_malformed"),
    ];
    for (key, reason) in wrong {
        let answer = probe.call(&customer, key, &order).send().await.expect(400);
        assert_eq!(answer.error(), ("BAD_REQUEST", reason));
        assert_eq!(answer.json["error"]["field"], "Idempotency-Key");
    }
    let twice: Call = probe.call(&customer, KEY, &order);
    let twice = twice.header("idempotency-key", KEY).send().await;
    insta::assert_json_snapshot!(twice.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "BAD_REQUEST",
          "field": "Idempotency-Key",
          "message": "Idempotency-Key is given twice; give 1 to 255 printable ASCII characters, in double quotes if there is a comma or quote among them, for example Idempotency-Key: 7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37",
          "reason": "idempotency_key_repeated",
          "requestId": "[request]"
        }
      },
      "status": 400
    }
    "#);
    assert_eq!(probe.runs(), 0);
    assert_eq!(app.calls_this_minute(&customer).await, 8);
    assert!(app.meter(&customer).await.days.is_empty());
}

#[tokio::test]
async fn quoted_is_bare() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order::default();
    let first = probe.call(&customer, KEY, &order).send().await.expect(200);
    let quoted = format!("\"{KEY}\"");
    assert_replays(&first, &probe.call(&customer, &quoted, &order).send().await);
}

#[tokio::test]
async fn a_rotated_key_goes_on_where_the_one_before_it_was() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        size: 400_000,
        ..Order::default()
    };
    let first = probe.call(&customer, KEY, &order).send().await.expect(200);
    let rotated = rotated(&app, &customer).await;
    assert_replays(&first, &probe.call(&rotated, KEY, &order).send().await);
}

#[tokio::test]
async fn others_with_the_same_key_are_others() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order::default();
    let first = probe.call(&customer, KEY, &order).send().await.expect(200);
    let another_account = app.customer(10).await;
    let another_key = app.with_scopes(&customer, &[auth::Scope::Write]).await;
    for (run, other) in [another_account, another_key].iter().enumerate() {
        let answer = probe.call(other, KEY, &order).send().await.expect(200);
        assert_eq!(answer.bytes, format!("run {} ", run + 1).as_bytes());
        assert_eq!(answer.header("idempotent-replayed"), "");
    }
    assert_replays(&first, &probe.call(&customer, KEY, &order).send().await);
}

/// The same customer with the key that a rotation of theirs gives.
async fn rotated(app: &TestApp, customer: &Customer) -> Customer {
    let now = app.clock.now();
    let by = ChangedBy {
        actor: Actor::Operator,
        now,
        request: None,
    };
    let keyring = Keyring::new(app.accounts.clone(), Plan::rotation_days);
    let rotated = keyring.rotate(&by, customer.account, customer.key, KeyId::new(now));
    let (key, raw, _) = rotated.await.unwrap();
    Customer {
        key: key.row.key,
        raw: raw.reveal().into_owned(),
        ..customer.clone()
    }
}
