//! A score is kept for 24 hours, or until something new is known.

use intent::Kind;
use serde_json::Value;
use tests::{Customer, TestApp, known, signal};
use types::Credits;

async fn score(app: &TestApp, customer: &Customer) -> Value {
    let call = app.get("/api/v1/score?domain=stripe.com").key(customer);
    call.send().await.expect(200).json
}

#[tokio::test]
async fn the_second_answer_is_the_first_for_a_day() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let first = score(&app, &customer).await;
    assert_eq!(first["cached"], false);
    assert_eq!(first["expires_at"], "2026-11-16T12:00:10Z");

    app.clock.advance(24 * 3600 - 1);
    let mut second = score(&app, &customer).await;
    assert_eq!(second["cached"], true);
    second["cached"] = false.into();
    assert_eq!(second, first);

    app.clock.advance(1);
    let third = score(&app, &customer).await;
    assert_eq!(third["cached"], false);
    assert_eq!(third["scored_at"], "2026-11-16T12:00:10Z");
    assert_eq!(
        app.balance(&customer).await,
        Credits::whole(97),
        "a kept score costs as much"
    );
}

#[tokio::test]
async fn another_account_gets_the_same_kept_public_score() {
    let app = TestApp::new().await;
    let (one, other) = (app.customer(100).await, app.customer(100).await);
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    assert_eq!(score(&app, &one).await["cached"], false);
    assert_eq!(score(&app, &other).await["cached"], true);
}

#[tokio::test]
async fn a_signal_of_its_own_outdates_an_account_s_score_at_once() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let public = score(&app, &customer).await;
    app.learn(&customer, &[signal("stripe.com", "funding", 14, "2")])
        .await;
    let own = score(&app, &customer).await;
    assert_eq!(own["cached"], false);
    assert!(own["score"].as_u64() > public["score"].as_u64());
    assert_eq!(own["signals"].as_array().unwrap().len(), 2);
    assert_eq!(score(&app, &customer).await["cached"], true);

    // The same signal again is nothing new.
    app.learn(&customer, &[signal("stripe.com", "funding", 14, "2")])
        .await;
    assert_eq!(score(&app, &customer).await["cached"], true);
}

#[tokio::test]
async fn a_public_signal_outdates_everyone_s_score() {
    let app = TestApp::new().await;
    let (own, other) = (app.customer(100).await, app.customer(100).await);
    app.learn(&own, &[signal("stripe.com", "funding", 14, "1")])
        .await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for customer in [&own, &other] {
        assert_eq!(score(&app, customer).await["cached"], false);
        assert_eq!(score(&app, customer).await["cached"], true);
    }
    app.publish("stripe.com", known(Kind::News, 2, "2")).await;
    let own = score(&app, &own).await;
    let other = score(&app, &other).await;
    assert_eq!(
        (&own["cached"], &other["cached"]),
        (&false.into(), &false.into())
    );
    assert_eq!(own["signals"].as_array().unwrap().len(), 3);
    assert_eq!(other["signals"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_not_known_is_not_kept() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let nothing = score(&app, &customer).await;
    assert_eq!(nothing["expires_at"], nothing["scored_at"]);
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    assert_eq!(score(&app, &customer).await["confidence"], "low");
}
