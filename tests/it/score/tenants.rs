//! What an account posts is seen by that account alone.

use intent::Kind;
use tests::{Customer, TestApp, known, signal};
use types::Credits;

async fn kinds(app: &TestApp, customer: &Customer) -> Vec<String> {
    let call = app.get("/api/v1/score?domain=stripe.com").key(customer);
    let answer = call.send().await.expect(200);
    let signals = answer.json["signals"].as_array().unwrap();
    let mut kinds: Vec<String> = signals
        .iter()
        .map(|signal| signal["kind"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds
}

#[tokio::test]
async fn posted_signals_move_no_other_account_s_score() {
    let app = TestApp::new().await;
    let (one, other, third) = (
        app.customer(10).await,
        app.customer(10).await,
        app.customer(10).await,
    );
    // The same id in both accounts: they do not get in each other's way.
    app.learn(&one, &[signal("stripe.com", "funding", 14, "1")])
        .await;
    app.learn(&other, &[signal("stripe.com", "hiring", 14, "1")])
        .await;
    for _ in 0..2 {
        assert_eq!(kinds(&app, &one).await, ["funding"]);
        assert_eq!(kinds(&app, &other).await, ["hiring"]);
        assert!(kinds(&app, &third).await.is_empty());
    }
    assert_eq!(app.balance(&third).await, Credits::whole(10));

    app.publish("stripe.com", known(Kind::News, 10, "1")).await;
    for _ in 0..2 {
        assert_eq!(kinds(&app, &one).await, ["funding", "news"]);
        assert_eq!(kinds(&app, &other).await, ["hiring", "news"]);
        assert_eq!(kinds(&app, &third).await, ["news"]);
    }
}
