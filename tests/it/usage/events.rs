//! Each event of an account is stored once, whoever sees what triggers it.

use futures::future::join_all;
use intent::Kind;
use tests::{Customer, TestApp, known};
use types::{Credits, Product};
use workspace::EventPayload;

const SCORE: &str = "/api/v1/score?domain=stripe.com";

async fn calls(app: &TestApp, customer: &Customer, calls: usize) {
    for _ in 0..calls {
        app.get(SCORE).key(customer).send().await;
    }
}

#[tokio::test]
async fn four_fifths_of_a_month_and_all_of_it() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(None, Some(10), 0).await;
    let give = accounts::NewGrant::of(Credits::whole(100), "", app.clock.now());
    let granted = app
        .accounts
        .grant(customer.account, customer.product, &give, app.clock.now());
    granted.await.unwrap();
    calls(&app, &customer, 7).await;
    assert!(app.events(&customer).await.is_empty());
    calls(&app, &customer, 1).await;
    assert_eq!(
        app.events(&customer).await,
        ["quota.warning#intent#80-202611"]
    );
    // Five instances, of which none has seen it, and calls that are refused.
    let instances: Vec<TestApp> = (0..5).map(|_| app.restarted()).collect();
    join_all(
        instances
            .iter()
            .map(|instance| calls(instance, &customer, 2)),
    )
    .await;
    let both = [
        "quota.warning#intent#100-202611",
        "quota.warning#intent#80-202611",
    ];
    assert_eq!(app.events(&customer).await, both);
    let stored = app.stored_events(customer.account).await;
    let (used_calls, limit_calls) = (8, 10);
    let most = EventPayload::QuotaWarning {
        percent: 80,
        limit_calls,
        used_calls,
    };
    assert_eq!(stored[1].payload, most);
    // The next month has its own.
    app.clock.advance(30 * 86_400);
    calls(&app, &customer, 10).await;
    assert_eq!(app.events(&customer).await.len(), 4);
}

#[tokio::test]
async fn credits_are_low_once_a_grant() {
    let app = TestApp::new().await;
    let customer = app.customer(20).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    calls(&app, &customer, 17).await;
    assert!(app.events(&customer).await.is_empty());
    calls(&app, &customer, 1).await;
    calls(&app.restarted(), &customer, 5).await;
    let events = app.events(&customer).await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].starts_with("credits.low#intent#"));
    // A later grant begins anew.
    let now = app.clock.now();
    let give = accounts::NewGrant::of(Credits::whole(10), "", now);
    let granted = app
        .accounts
        .grant(customer.account, customer.product, &give, now);
    granted.await.unwrap();
    calls(&app, &customer, 10).await;
    assert_eq!(app.events(&customer).await.len(), 2);
}

#[tokio::test]
async fn a_table_that_does_not_answer_holds_no_call_up() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(None, Some(1), 10).await;
    let broken = app.with_variable("WORKSPACE_TABLE", "no-such-table");
    broken.get(SCORE).key(&customer).send().await.expect(200);
    assert!(app.events(&customer).await.is_empty());
    // What was not stored is seen again by any call, one about the account itself too.
    app.get("/api/v1/usage")
        .key(&customer)
        .send()
        .await
        .expect(200);
    assert_eq!(app.events(&customer).await.len(), 2);
}

#[tokio::test]
async fn a_key_that_ends_soon_once() {
    let app = TestApp::new().await;
    let analyst = app.customer_on(Product::Liquidity, "analyst", 0).await;
    let usage = async |app: &TestApp| {
        let call = app.get("/api/v1/usage").key(&analyst);
        call.send().await.expect(200);
        app.events(&analyst).await
    };
    app.clock.advance(75 * 86_400);
    assert!(usage(&app).await.is_empty());
    app.clock.advance(86_400);
    for app in [&app, &app.restarted()] {
        let expected = format!("key.rotation_due#liquidity#{}", analyst.key);
        assert_eq!(usage(app).await, [expected]);
    }
}
