//! Rate windows: a key's minute, an account's month.

use auth::Scope;
use tests::{Answer, Customer, TestApp};

async fn score(app: &TestApp, customer: &Customer) -> Answer {
    let call = app.get("/api/v1/score?domain=stripe.com").key(customer);
    call.send().await
}

#[tokio::test]
async fn the_minute_is_the_key_s() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(Some(2), None, 100).await;
    let second_key = app.with_scopes(&customer, &[Scope::Read]).await;
    score(&app, &customer).await.expect(200);
    score(&app, &customer).await.expect(200);
    let over = score(&app, &customer).await;
    insta::assert_json_snapshot!(over.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "LIMIT_REACHED",
          "limit": 2,
          "message": "the limit of 2 calls a minute is reached; try again when Retry-After is over",
          "reason": "per_minute",
          "requestId": "[request]"
        }
      },
      "status": 429
    }
    "#);
    assert_eq!(over.header("retry-after"), "50");
    let other = score(&app, &second_key).await.expect(200);
    assert_eq!(other.header("x-ratelimit-remaining"), "1");

    // An instance that has not seen the key refuses it too, and a refused call is not counted.
    score(&app.restarted(), &customer).await.expect(429);
    assert_eq!(app.calls_this_minute(&customer).await, 2);

    app.clock.advance(49);
    assert_eq!(
        score(&app, &customer)
            .await
            .expect(429)
            .header("retry-after"),
        "1"
    );
    app.clock.advance(1);
    let next = score(&app, &customer).await.expect(200);
    assert_eq!(next.header("x-ratelimit-remaining"), "1");
}

#[tokio::test]
async fn the_month_is_the_account_s_and_ends_with_the_calendar() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(None, Some(3), 100).await;
    let second_key = app.with_scopes(&customer, &[Scope::Read]).await;
    score(&app, &customer).await.expect(200);
    score(&app, &second_key).await.expect(200);
    app.get("/api/v1/score")
        .key(&customer)
        .send()
        .await
        .expect(400);
    let last = score(&app, &customer).await.expect(200);
    assert_eq!(last.header("ratelimit"), "\"month\";r=0;t=1339190");
    for key in [&customer, &second_key] {
        let over = score(&app, key).await.expect(429);
        assert_eq!(over.error(), ("LIMIT_REACHED", "monthly"));
        assert_eq!(over.header("retry-after"), "1339190");
    }
    app.clock.advance(1_339_189);
    score(&app, &customer).await.expect(429);
    app.clock.advance(1);
    let next = score(&app, &customer).await.expect(200);
    assert_eq!(next.header("ratelimit"), "\"month\";r=2;t=2678400");
}

#[tokio::test]
async fn windows_that_have_ended_are_swept_from_the_meter() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for _ in 0..6 {
        score(&app, &customer).await.expect(200);
        app.clock.advance(60);
    }
    assert!(app.meter(&customer).await.windows.len() <= 4);
    // Two calls: the first sees the old month, the second sweeps it.
    app.clock.advance(31 * 86_400);
    score(&app, &customer).await.expect(200);
    score(&app, &customer).await.expect(200);
    let meter = app.meter(&customer).await;
    assert_eq!(meter.windows.len(), 1, "{:?}", meter.windows);
    assert_eq!(meter.months.keys().collect::<Vec<_>>(), ["202612"]);
}
