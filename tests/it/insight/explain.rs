//! A score of the past, from what was known by then.

use intent::{Kind, Signal, Strength};
use serde_json::Value;
use store::Owner;
use tests::{Customer, TestApp, known, signal};
use types::{Credits, Domain, Timestamp};

use super::{get, score};

const DAY: i64 = 86_400;

async fn explain(app: &TestApp, customer: &Customer, at: &str) -> Value {
    let path = format!("/explain?domain=stripe.com&at={at}");
    get(app, customer, &path).await.expect(200).json
}

fn without(mut answer: Value, names: &[&str]) -> Value {
    let fields = answer.as_object_mut().unwrap();
    for name in names {
        fields.remove(*name).unwrap();
    }
    answer
}

#[tokio::test]
async fn what_came_later_or_was_changed_later_was_not_known() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let first = known(Kind::Hiring, 10, "1");
    app.publish("stripe.com", first.clone()).await;
    app.learn(&customer, &[signal("stripe.com", "news", 12, "2")])
        .await;
    let then = score(&app, &customer).await;
    let at = then["scored_at"].as_str().unwrap().to_owned();

    app.clock.advance(2 * DAY);
    let changed = Signal {
        strength: Strength::FULL,
        evidence: "Twelve more".to_owned(),
        ..first
    };
    app.publish("stripe.com", changed).await;
    // Observed before, but not known before.
    app.publish("stripe.com", known(Kind::Funding, 9, "3"))
        .await;
    let now = score(&app, &customer).await;
    assert_ne!(now["score"], then["score"]);

    let kept = ["expires_at", "cached"];
    assert_eq!(explain(&app, &customer, &at).await, without(then, &kept));
    let present = explain(&app, &customer, now["scored_at"].as_str().unwrap()).await;
    assert_eq!(present, without(now, &kept));
    // A second before, nothing was known; then it costs nothing.
    let before = explain(&app, &customer, "2026-11-15T12:00:09Z").await;
    assert_eq!(
        (&before["confidence"], &before["credits_charged"]),
        (&"none".into(), &0.into())
    );
}

#[tokio::test]
async fn a_day_is_its_end_and_today_is_now() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    app.clock.advance(DAY);
    let of = async |at: &str| explain(&app, &customer, at).await["scored_at"].clone();
    assert_eq!(of("2026-11-15").await, "2026-11-15T23:59:59Z");
    assert_eq!(of("2026-11-16").await, "2026-11-16T12:00:10Z");
    assert_eq!(
        of("2026-11-16T13:00:10%2B01:00").await,
        "2026-11-16T12:00:10Z"
    );
    assert_eq!(app.balance(&customer).await, Credits::whole(97));
}

#[tokio::test]
async fn the_signals_of_others_were_not_known() {
    let app = TestApp::new().await;
    let (owner, other) = (app.customer(100).await, app.customer(100).await);
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    app.learn(&owner, &[signal("stripe.com", "funding", 12, "2")])
        .await;
    let count = async |customer: &Customer| {
        let answer = explain(&app, customer, "2026-11-15").await;
        answer["signals"].as_array().unwrap().len()
    };
    assert_eq!((count(&owner).await, count(&other).await), (2, 1));
}

#[tokio::test]
async fn a_signal_that_no_longer_counts_still_counted_then() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    let then = "2026-11-16T00:00:00Z";
    app.clock.advance(DAY);
    let seen = explain(&app, &customer, then).await;
    assert_eq!(seen["signals"].as_array().unwrap().len(), 1);

    app.clock.advance(729 * DAY);
    assert_eq!(score(&app, &customer).await["confidence"], "none");
    assert_eq!(explain(&app, &customer, then).await, seen);
    // It comes again, and what it was stays what it was.
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    assert_eq!(score(&app, &customer).await["confidence"], "low");
    assert_eq!(explain(&app, &customer, then).await, seen);
}

#[tokio::test]
async fn versions_follow_each_other_although_clocks_differ() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let domain = Domain::parse("stripe.com").unwrap();
    let start = app.clock.now();
    let write = async |evidence: &str, seconds: i64| {
        let signals = [Signal {
            evidence: evidence.to_owned(),
            ..known(Kind::Hiring, 10, "1")
        }];
        let now = Timestamp::from_second(start.as_second() + seconds).unwrap();
        let added = app.intel.add_signals(&domain, Owner::Public, &signals, now);
        added.await.unwrap();
    };
    write("first", 0).await;
    write("by a clock that is ahead", 50).await;
    write("by a clock that is behind", 20).await;
    app.clock.advance(100);
    let evidence = async |at: &str| {
        let answer = explain(&app, &customer, &format!("2026-11-15T12:{at}Z")).await;
        answer["signals"][0]["evidence"].clone()
    };
    assert_eq!(evidence("00:10").await, "first");
    assert_eq!(evidence("00:59").await, "first");
    assert_eq!(evidence("01:00").await, "by a clock that is behind");
    assert_eq!(evidence("01:50").await, "by a clock that is behind");
}

#[tokio::test]
async fn more_changes_at_once_than_a_transaction_takes() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let post = async |kind: &str| {
        let ids = 0..120;
        let signals = ids.map(|id| signal("stripe.com", kind, 10, &id.to_string()));
        let signals: Vec<Value> = signals.collect();
        app.learn(&customer, &signals).await.json
    };
    assert_eq!(post("hiring").await["stored"], 120);
    app.clock.advance(DAY);
    assert_eq!(post("news").await["updated"], 120);
    let kinds = async |at: &str| {
        let answer = explain(&app, &customer, at).await;
        let more = answer["more_signals"]["count"].as_u64().unwrap();
        let kind = answer["signals"][0]["kind"].as_str().unwrap().to_owned();
        (
            kind,
            more + answer["signals"].as_array().unwrap().len() as u64,
        )
    };
    assert_eq!(kinds("2026-11-15").await, ("hiring".to_owned(), 120));
    assert_eq!(kinds("2026-11-16").await, ("news".to_owned(), 120));
}
