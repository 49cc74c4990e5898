//! A run that takes longer than its lease.

use tests::TestApp;
use types::Credits;

use super::probe::{Order, Probe};
use super::{KEY, assert_replays};

#[tokio::test]
async fn answers_what_the_run_that_took_over_has_answered() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        price: 3,
        slow: 30,
        again: true,
        ..Order::default()
    };
    let late = probe.call(&customer, KEY, &order).send().await.expect(200);
    assert_eq!(probe.runs(), 2);
    assert_eq!(late.bytes, b"run 1 ");
    assert_eq!(late.header("idempotent-replayed"), "true");
    let original = late.header("idempotent-original-request-id");
    assert_ne!(original, late.header("x-request-id"));
    let replay = probe.call(&customer, KEY, &order).send().await;
    assert_eq!(replay.bytes, late.bytes);
    assert_eq!(replay.header("idempotent-original-request-id"), original);
    // Both ran, and one is paid for.
    assert_eq!(app.balance(&customer).await, Credits::whole(7));
}

#[tokio::test]
async fn keeps_nothing_when_another_took_over_and_has_no_answer() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        price: 3,
        slow: 30,
        again: true,
        then_fail: true,
        ..Order::default()
    };
    let late = probe.call(&customer, KEY, &order).send().await.expect(409);
    assert_eq!(late.error().0, "IN_PROGRESS");
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
    probe.call(&customer, KEY, &order).send().await.expect(503);
    assert_eq!(probe.runs(), 3);
}

#[tokio::test]
async fn keeps_its_answer_when_nobody_took_over() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        slow: 3_600,
        ..Order::default()
    };
    let late = probe.call(&customer, KEY, &order).send().await.expect(200);
    assert_replays(&late, &probe.call(&customer, KEY, &order).send().await);
    assert_eq!(probe.runs(), 1);
}

#[tokio::test]
async fn within_its_lease_it_is_in_flight() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        slow: 29,
        again: true,
        ..Order::default()
    };
    let first = probe.call(&customer, KEY, &order).send().await.expect(200);
    assert_eq!((probe.runs(), &*first.bytes), (1, b"run 0 ".as_slice()));
    assert_eq!(first.header("idempotent-replayed"), "");
}
