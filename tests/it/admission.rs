//! Never one call over a limit, never a negative balance, and nothing after a revocation.

use futures::future::join_all;
use intent::Kind;
use serde_json::json;
use tests::{Answer, Customer, TestApp, known};
use types::{Credits, Product};

async fn scores(app: &TestApp, customer: &Customer, calls: usize) -> Vec<Answer> {
    join_all((0..calls).map(|_| {
        app.get("/api/v1/score?domain=stripe.com")
            .key(customer)
            .send()
    }))
    .await
}

fn with_status(answers: &[Answer], status: u16) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status.as_u16() == status)
        .count()
}

/// Gives the account a signal on stripe.com, so that a score of it costs a credit.
async fn know_stripe(app: &TestApp, customer: &Customer) {
    let signal = json!({
        "domain": "stripe.com", "kind": "hiring", "observed_at": "2026-11-14", "source": "test", "external_id": "1"
    });
    app.post("/api/v1/signals")
        .key(customer)
        .json(&signal)
        .send()
        .await
        .expect(200);
    app.clock.advance(60);
}

#[tokio::test]
async fn three_hundred_parallel_calls_on_sixty_a_minute_admit_sixty() {
    let app = TestApp::new().await;
    let customer = app.customer(1_000).await;
    let answers = scores(&app, &customer, 300).await;
    assert_eq!(with_status(&answers, 200), 60);
    assert_eq!(with_status(&answers, 429), 240);
    let over = answers
        .iter()
        .find(|answer| answer.status.as_u16() == 429)
        .unwrap();
    assert_eq!(over.error(), ("LIMIT_REACHED", "per_minute"));
    assert_eq!(over.header("retry-after"), "50");
    assert_eq!(over.header("x-ratelimit-remaining"), "0");

    app.clock.advance(50);
    let next = app
        .get("/api/v1/score?domain=stripe.com")
        .key(&customer)
        .send()
        .await
        .expect(200);
    assert_eq!(next.header("x-ratelimit-remaining"), "59");
    assert_eq!(
        app.balance(&customer).await,
        Credits::whole(1_000),
        "nothing is known of the company"
    );
}

#[tokio::test]
async fn two_hundred_parallel_calls_on_a_hundred_credits_admit_a_hundred() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Intent, "scale", 100).await;
    know_stripe(&app, &customer).await;
    let answers = scores(&app, &customer, 200).await;
    assert_eq!(with_status(&answers, 200), 100);
    assert_eq!(with_status(&answers, 402), 100);
    let refused = answers
        .iter()
        .find(|answer| answer.status.as_u16() == 402)
        .unwrap();
    assert_eq!(refused.error().0, "INSUFFICIENT_CREDITS");
    assert_eq!(
        refused.json["error"]["upgradeUrl"],
        "https://assay.example/pricing"
    );
    assert_eq!(app.balance(&customer).await, Credits::ZERO);

    // The next day's first call closes the day into the ledger; the balance is the same sum.
    app.clock.advance(86_400);
    scores(&app, &customer, 1).await;
    app.accounts
        .grant(
            customer.account,
            customer.product,
            &accounts::NewGrant::of(Credits::whole(2), "later", app.clock.now()),
            app.clock.now(),
        )
        .await
        .unwrap();
    let answers = join_all((0..10).map(|_| scores(&app, &customer, 1)))
        .await
        .concat();
    assert_eq!(with_status(&answers, 200), 2);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
    let ledger = app
        .accounts
        .ledger(customer.account, customer.product)
        .await
        .unwrap();
    let spent: Vec<_> = ledger
        .iter()
        .filter(|entry| entry.kind == accounts::EntryKind::Spend)
        .collect();
    assert_eq!(spent.len(), 1, "{ledger:?}");
    assert_eq!(spent[0].amount(), -Credits::whole(100));
}

#[tokio::test]
async fn a_key_revoked_while_traffic_flows_admits_nothing_afterwards() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Intent, "scale", 1_000).await;
    assert_eq!(with_status(&scores(&app, &customer, 20).await, 200), 20);
    let traffic = scores(&app, &customer, 100);
    let revoke = customer.revoke(&app.accounts, app.clock.now());
    let (answers, ()) = futures::join!(traffic, revoke);
    assert_eq!(with_status(&answers, 200) + with_status(&answers, 401), 100);

    let after = scores(&app, &customer, 20).await;
    assert_eq!(with_status(&after, 401), 20);
    assert_eq!(after[0].error(), ("UNAUTHORIZED", "key_revoked"));
}

#[tokio::test]
async fn a_month_that_is_used_up_says_when_it_ends() {
    let app = TestApp::new().await;
    let customer = app.customer_on(Product::Intent, "scale", 0).await;
    let meter = accounts::NewMeter {
        plan: "tiny",
        minute_limit: None,
        month_limit: Some(3),
    };
    let account = types::AccountId::new(app.clock.now());
    app.accounts
        .open_meter(account, Product::Intent, &meter)
        .await
        .unwrap();
    let small = app
        .with_scopes(
            &Customer {
                account,
                ..customer
            },
            &[auth::Scope::Read],
        )
        .await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let answers = scores(&app, &small, 10).await;
    assert_eq!(with_status(&answers, 200), 0, "no credits");
    let now = app.clock.now();
    let new = accounts::NewGrant::of(Credits::whole(100), "later", now);
    let granted = app.accounts.grant(account, Product::Intent, &new, now);
    granted.await.unwrap();
    let answers = scores(&app, &small, 10).await;
    assert_eq!(with_status(&answers, 200), 3);
    let over = answers
        .iter()
        .find(|answer| answer.status.as_u16() == 429)
        .unwrap();
    assert_eq!(over.error(), ("LIMIT_REACHED", "monthly"));
    assert_eq!(over.header("ratelimit"), "\"month\";r=0;t=1339190");
    assert_eq!(
        over.header("x-ratelimit-limit"),
        "",
        "the plan does not limit the minute"
    );
}
