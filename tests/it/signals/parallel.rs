//! The same signals at the same time.

use futures::future::join_all;
use serde_json::{Value, json};
use store::Owner;
use tests::{Answer, Customer, TestApp, signal};
use types::Domain;

use super::PATH;

async fn post_all(app: &TestApp, customer: &Customer, bodies: Vec<Value>) -> Vec<Answer> {
    let calls = bodies
        .into_iter()
        .map(|body| app.post(PATH).key(customer).json(&body).send());
    join_all(calls).await
}

fn sum(answers: &[Answer], name: &str) -> u64 {
    let counts = answers.iter().map(|answer| &answer.json[name]);
    counts.filter_map(Value::as_u64).sum()
}

async fn stored(app: &TestApp, customer: &Customer, domain: &str) -> usize {
    let domain = Domain::parse(domain).unwrap();
    let owner = Owner::Account(customer.account);
    let signals = app.intel.signals(&domain, owner, app.clock.now());
    signals.await.unwrap().len()
}

#[tokio::test]
async fn twenty_posts_of_the_same_signals_store_them_once() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let body: Vec<Value> = (0..30)
        .map(|id| {
            signal(
                ["stripe.com", "notion.so"][id % 2],
                "news",
                12,
                &id.to_string(),
            )
        })
        .collect();
    let answers = post_all(&app, &customer, vec![json!(body); 20]).await;
    assert!(
        answers.iter().all(|answer| answer.status == 200),
        "{answers:?}"
    );
    assert_eq!(sum(&answers, "stored"), 30);
    assert_eq!(sum(&answers, "unchanged"), 19 * 30);
    for domain in ["stripe.com", "notion.so"] {
        assert_eq!(stored(&app, &customer, domain).await, 15);
        assert_eq!(app.revisions(&customer, domain).await, (0, 1));
    }
}

#[tokio::test]
async fn twenty_posts_of_different_signals_of_one_company_are_all_counted() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let bodies = (0..20).map(|id| signal("stripe.com", "news", 12, &id.to_string()));
    let answers = post_all(&app, &customer, bodies.collect()).await;
    assert_eq!(sum(&answers, "stored"), 20, "{answers:?}");
    assert_eq!(stored(&app, &customer, "stripe.com").await, 20);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, 20));
}

#[tokio::test]
async fn twenty_versions_of_one_signal_leave_one_and_count_each_that_was_written() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let bodies = (0..20).map(|version| {
        let mut body = signal("stripe.com", "news", 12, "1");
        body["evidence"] = format!("version {version}").into();
        body
    });
    let answers = post_all(&app, &customer, bodies.collect()).await;
    // Whoever loses several races in a row is told to come back, and wrote nothing.
    let lost = answers.iter().filter(|answer| answer.status == 503).count();
    let written = sum(&answers, "stored") + sum(&answers, "updated");
    assert_eq!(lost as u64 + written, 20, "{answers:?}");
    assert_eq!(sum(&answers, "stored"), 1);
    assert_eq!(stored(&app, &customer, "stripe.com").await, 1);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (0, written));
}
