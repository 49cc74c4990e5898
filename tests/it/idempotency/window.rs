//! How long a key is remembered, and what comes before it.

use tests::TestApp;
use types::Credits;

use super::probe::{Order, Probe};
use super::{KEY, assert_replays};

#[tokio::test]
async fn a_day_from_the_first_acceptance() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order {
        price: 1,
        ..Order::default()
    };
    let call = || probe.call(&customer, KEY, &order).send();
    let first = call().await.expect(200);
    app.clock.advance(86_399);
    assert_replays(&first, &call().await);
    app.clock.advance(1);
    let second = call().await.expect(200);
    assert_eq!(second.bytes, b"run 1 ");
    assert_replays(&second, &call().await);
    assert_eq!(app.balance(&customer).await, Credits::whole(8));

    // And then the key is free for any other request.
    app.clock.advance(86_400);
    let other = Order {
        size: 7,
        ..Order::default()
    };
    let other = probe.call(&customer, KEY, &other).send().await.expect(200);
    assert_eq!(other.bytes, b"run 2 needle ");
}

#[tokio::test]
async fn the_minute_comes_first_and_a_refusal_is_not_kept() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(Some(2), None, 10).await;
    let probe = Probe::new(&app);
    let order = Order::default();
    let first = probe.call(&customer, "a", &order).send().await.expect(200);
    assert_replays(&first, &probe.call(&customer, "a", &order).send().await);
    for key in ["a", "b", "b"] {
        let refused = probe.call(&customer, key, &order).send().await.expect(429);
        assert_eq!(refused.error(), ("LIMIT_REACHED", "per_minute"));
    }
    // Another instance has to ask the meter, after it has claimed.
    let elsewhere = Probe::new(&app);
    elsewhere
        .call(&customer, "c", &order)
        .send()
        .await
        .expect(429);
    app.clock.advance(60);
    assert_replays(&first, &probe.call(&customer, "a", &order).send().await);
    let second = elsewhere
        .call(&customer, "c", &order)
        .send()
        .await
        .expect(200);
    assert_eq!(second.header("idempotent-replayed"), "");
}

#[tokio::test]
async fn a_revoked_key_gets_no_answer_of_before() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let probe = Probe::new(&app);
    let order = Order::default();
    probe.call(&customer, KEY, &order).send().await.expect(200);
    customer.revoke(&app.accounts, app.clock.now()).await;
    let refused = probe.call(&customer, KEY, &order).send().await.expect(401);
    assert_eq!(refused.error().1, "key_revoked");
}
