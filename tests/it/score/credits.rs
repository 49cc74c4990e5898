//! What a score costs, and when nothing.

use accounts::{Entry, EntryKind};
use intent::Kind;
use tests::{Customer, TestApp, day, known};
use types::Credits;

const PATH: &str = "/api/v1/score?domain=stripe.com";

async fn spent(app: &TestApp, customer: &Customer) -> Vec<Entry> {
    let ledger = app.accounts.ledger(customer.account, customer.product);
    let mut ledger = ledger.await.unwrap();
    ledger.retain(|entry| entry.kind == EntryKind::Spend);
    ledger
}

#[tokio::test]
async fn the_last_credit_is_spent_and_no_more() {
    let app = TestApp::new().await;
    let customer = app.customer(2).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for left in [1, 0] {
        let answer = app.get(PATH).key(&customer).send().await.expect(200);
        assert_eq!(answer.json["credits_charged"], 1);
        assert_eq!(app.balance(&customer).await, Credits::whole(left));
    }
    let refused = app.get(PATH).key(&customer).send().await;
    insta::assert_json_snapshot!(refused.shown(), @r#"
    {
      "body": {
        "error": {
          "balance": 0,
          "code": "INSUFFICIENT_CREDITS",
          "message": "not enough credits: 1 needed, 0 left; top up to continue",
          "requestId": "[request]",
          "required": 1,
          "upgradeUrl": "https://assay.example/pricing"
        }
      },
      "status": 402
    }
    "#);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
    // The refused one as well.
    assert_eq!(app.calls_this_minute(&customer).await, 3);
}

#[tokio::test]
async fn a_call_that_fails_on_our_side_gets_its_credits_back() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let broken = app.with_variable("INTEL_TABLE", "no-such-table");
    let answer = broken.get(PATH).key(&customer).send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "UNAVAILABLE",
          "message": "a service behind this one is not answering; try again in a moment",
          "requestId": "[request]"
        }
      },
      "status": 503
    }
    "#);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("x-ratelimit-remaining"), "59");
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
    assert_eq!(app.meter(&customer).await.open_spend(), Credits::ZERO);
}

#[tokio::test]
async fn a_meter_that_cannot_be_reached_lets_nobody_in() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let broken = app.with_variable("ACCOUNTS_TABLE", "no-such-table");
    let answer = broken.get(PATH).key(&customer).send().await.expect(503);
    assert_eq!(answer.error().0, "UNAVAILABLE");
}

#[tokio::test]
async fn a_day_is_closed_into_the_ledger_and_the_usage_series() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for _ in 0..3 {
        app.get(PATH).key(&customer).send().await.expect(200);
    }
    app.get("/api/v1/score?domain=unknown.com")
        .key(&customer)
        .send()
        .await
        .expect(200);
    let today = app.meter(&customer).await.days[&day("20261115")].clone();
    assert_eq!((today.calls(), today.spent), (4, Credits::whole(3)));
    assert!(spent(&app, &customer).await.is_empty());

    // The first call of another day closes it, once, however many instances there are.
    app.clock.advance(86_400);
    let instances: Vec<TestApp> = (0..5).map(|_| app.restarted()).collect();
    let calls = instances
        .iter()
        .map(|instance| instance.get(PATH).key(&customer).send());
    for answer in futures::future::join_all(calls).await {
        answer.expect(200);
    }
    let entries = spent(&app, &customer).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0].amount(), -Credits::whole(3));
    assert_eq!(entries[0].note, "single calls of 20261115");
    let meter = app.meter(&customer).await;
    assert_eq!(meter.days.keys().collect::<Vec<_>>(), [&day("20261116")]);
    assert_eq!(app.usage(&customer, day("20261115")).await, today);
    assert_eq!(app.balance(&customer).await, Credits::whole(92));
}
