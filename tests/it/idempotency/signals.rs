//! `POST /api/v1/signals` with an idempotency key.

use futures::future::join_all;
use serde_json::json;
use tests::{Death, TestApp, signal};

use super::{KEY, Keyed, assert_replays};

const PATH: &str = "/api/v1/signals";

#[tokio::test]
async fn a_replay_says_what_the_first_said() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let body = json!([signal("stripe.com", "hiring", 10, "1"), { "domain": "no" }]);
    let call = || app.post(PATH).keyed(&customer, KEY).json(&body).send();
    let first = call().await.expect(200);
    // Sent as a new request it would be unchanged.
    assert_eq!(first.json["stored"], 1);
    assert_replays(&first, &call().await);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 1));
}

#[tokio::test]
async fn a_signal_that_is_not_in_order_is_not_kept() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let call = |body| app.post(PATH).keyed(&customer, KEY).json(&body).send();
    call(json!({ "domain": "no" })).await.expect(400);
    let body = signal("stripe.com", "hiring", 10, "1");
    let first = call(body.clone()).await.expect(200);
    assert_replays(&first, &call(body).await);
}

#[tokio::test]
async fn keys_do_not_meet_across_routes() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let signals = app.post(PATH).keyed(&customer, KEY);
    let signals = signals.json(&signal("stripe.com", "hiring", 10, "1"));
    let bulk = app.post("/api/v1/score/bulk").keyed(&customer, KEY);
    let bulk = bulk.csv("domain\nstripe.com\n");
    let answers = join_all([signals.send(), bulk.send()]).await;
    let statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    assert_eq!(statuses, [200, 202]);
}

#[tokio::test]
async fn dies_at_any_write_and_is_sent_again() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let body = json!([signal("stripe.com", "hiring", 10, "1")]);
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let customer = app.customer(10).await;
        let call = |app: &TestApp| app.post(PATH).keyed(&customer, KEY).json(&body).send();
        let died = app.deaths.run(Some(death), call(&mortal)).await.is_none();
        app.clock.advance(30);
        let answer = call(&app).await.expect(200);
        assert_eq!(call(&app).await.bytes, answer.bytes);
        assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 1));
        // After the claim comes the admission, then what the day counts. A run that dies there has counted what it did not
        // write.
        let counted_twice = [Death::After(2), Death::Before(3)].contains(&death);
        let (counted, _) = app.signals_today(&customer).await;
        assert_eq!(counted, if counted_twice { 2 } else { 1 }, "{death:?}");
        if !died {
            break;
        }
    }
}
