//! A signal is stored once by its source and external id.

use serde_json::{Value, json};
use store::Owner;
use tests::{Answer, TestApp, signal};
use types::Domain;

fn counts(answer: &Answer) -> [u64; 4] {
    ["stored", "updated", "unchanged", "failed"].map(|name| answer.json[name].as_u64().unwrap())
}

fn statuses(answer: &Answer) -> Vec<&str> {
    let items = answer.json["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["status"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_repetition_changes_nothing_and_a_change_replaces() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let sent = [
        signal("stripe.com", "hiring", 1, "1"),
        signal("stripe.com", "news", 2, "2"),
    ];
    assert_eq!(counts(&app.learn(&customer, &sent).await), [2, 0, 0, 0]);
    app.clock.advance(60);
    assert_eq!(counts(&app.learn(&customer, &sent).await), [0, 0, 2, 0]);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 1));

    let mut changed = sent.clone();
    changed[1]["strength"] = 0.9.into();
    let answer = app.learn(&customer, &changed).await;
    assert_eq!(statuses(&answer), ["unchanged", "updated"]);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 2));
    let stripe = Domain::parse("stripe.com").unwrap();
    let stored = app
        .intel
        .signals(&stripe, Owner::Account(customer.account), app.clock.now());
    assert_eq!(stored.await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_same_id_from_another_source_is_another_signal() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let mut other_source = signal("stripe.com", "hiring", 1, "1");
    other_source["source"] = "other".into();
    let other_company = signal("notion.so", "hiring", 1, "1");
    let sent = [
        signal("stripe.com", "hiring", 1, "1"),
        other_source,
        other_company,
    ];
    assert_eq!(counts(&app.learn(&customer, &sent).await), [3, 0, 0, 0]);
}

#[tokio::test]
async fn of_two_with_one_id_in_a_request_the_later_stands() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let sent = [
        signal("stripe.com", "hiring", 1, "1"),
        signal("stripe.com", "news", 2, "2"),
        signal("WWW.Stripe.com", "funding", 3, "1"),
    ];
    let answer = app.learn(&customer, &sent).await;
    assert_eq!(statuses(&answer), ["unchanged", "stored", "stored"]);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 1));
    let score = app.get("/api/v1/score?domain=stripe.com").key(&customer);
    let score = score.send().await.expect(200);
    let signals = score.json["signals"].as_array().unwrap();
    let kinds: Vec<&Value> = signals.iter().map(|signal| &signal["kind"]).collect();
    assert_eq!(kinds, [&json!("funding"), &json!("news")]);
}
