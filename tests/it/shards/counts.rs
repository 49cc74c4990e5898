use auth::Scope;
use intent::Kind;
use serde_json::json;
use tests::known;
use types::Credits;

use super::*;

#[tokio::test]
async fn two_hundred_parallel_calls_add_up_over_the_shards() {
    let app = TestApp::new().await;
    let first = unlimited(&app, 0).await;
    let second = app.with_scopes(&first, &[Scope::Read]).await;
    let (mine, others, refused) = futures::join!(
        calls(&app, &first, FREE, 119),
        calls(&app, &second, FREE, 80),
        // Refused for their form: counted in the minute only.
        calls(&app, &second, "/api/v1/score", 10),
    );
    all_are(&mine, 200);
    all_are(&others, 200);
    all_are(&refused, 400);

    let meter = app.meter(&first).await;
    let today = &meter.days[&day("20261115")];
    assert_eq!(today.keys[&first.key.tag()], 120);
    assert_eq!(today.keys[&second.key.tag()], 80);
    assert_eq!(today.routes[&JOBS], 200);
    assert_eq!(meter.calls_of_month(MONTH), 200);
    let minute = types::minute_of(app.clock.now());
    assert_eq!(meter.calls_in(first.key, minute), 120);
    assert_eq!(meter.calls_in(second.key, minute), 90);

    // The first call went to the meter, and the others to shards picked at random.
    let own = app.item(&first, "METER#intent").await.unwrap();
    assert_eq!(own["m202611"].as_n().unwrap(), "1");
    let shards = shards(&app, &first).await;
    let written = shards.iter().filter(|item| item.contains_key("m202611"));
    assert!(written.count() > 8);
}

#[tokio::test]
async fn closed_days_add_up_too() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    all_are(&calls(&app, &customer, FREE, 59).await, 200);
    app.clock.advance(86_400);
    // Of shards that are closed at once, one notes the last use of the key; the others are closed by the next call.
    for _ in 0..2 {
        all_are(&calls(&app, &customer, FREE, 50).await, 200);
    }
    let mut closed = app.usage(&customer, day("20261115")).await;
    assert!(closed.calls() > 30, "{closed:?}");
    // A shard that no call came to still has its part.
    let meter = app.meter(&customer).await;
    if let Some(open) = meter.days.get(&day("20261115")) {
        closed.add(open);
    }
    assert_eq!(closed.calls(), 60);
    assert_eq!(closed.routes[&JOBS], 60);
    assert_eq!(meter.days[&day("20261116")].calls(), 100);
    assert_eq!(meter.calls_of_month(MONTH), 160);
}

#[tokio::test]
async fn usage_shows_the_sum() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    all_are(&calls(&app, &customer, FREE, 49).await, 200);
    for _ in 0..3 {
        let usage = app.get("/api/v1/usage").key(&customer).send().await;
        let usage = usage.expect(200).json;
        assert_eq!(usage["plan"], "growth");
        assert_eq!(usage["apiCallsUsed"], 50);
        assert_eq!(usage["apiCallsLimit"], json!(null));
    }
    let stats = app
        .get("/api/v1/usage/stats?days=1&group_by=route")
        .key(&customer);
    let stats = stats.send().await.expect(200).json;
    assert_eq!(stats["stats"][0]["api_calls"], 50);
    let meters = app.accounts.meters(customer.account).await.unwrap();
    assert_eq!(meters[&product()].calls_of_month(MONTH), 50);
}

#[tokio::test]
async fn a_price_is_paid_from_the_one_balance() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 60).await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let (priced, free) = futures::join!(
        calls(&app, &customer, "/api/v1/score?domain=stripe.com", 100),
        calls(&app, &customer, FREE, 50),
    );
    all_are(&free, 200);
    let paid = priced.iter().filter(|answer| answer.status == 200).count();
    let short = priced.iter().filter(|answer| answer.status == 402).count();
    assert_eq!((paid, short), (60, 40));
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
    assert_eq!(calls_of_month(&app, &customer).await, 111);
    for shard in shards(&app, &customer).await {
        assert_eq!(shard["credits"].as_n().unwrap(), "0");
    }
    // A job finds the balance where it is.
    let file = "domain\nstripe.com\n";
    let job = app.post(FREE).key(&customer).body("text/csv", file);
    assert_eq!(
        job.send().await.expect(402).error().0,
        "INSUFFICIENT_CREDITS"
    );
}
