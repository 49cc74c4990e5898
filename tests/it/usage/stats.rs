//! `GET /api/v1/usage/stats`.

use auth::Scope;
use serde_json::{Value, json};
use tests::{Answer, Customer, TestApp};
use types::Product;

async fn get(app: &TestApp, customer: &Customer, query: &str) -> Answer {
    let path = format!("/api/v1/usage/stats?{query}");
    app.get(&path).key(customer).send().await
}

async fn scores(app: &TestApp, customer: &Customer, calls: usize) {
    for _ in 0..calls {
        let score = app.get("/api/v1/score?domain=stripe.com").key(customer);
        score.send().await.expect(200);
    }
}

fn calls(stats: &Value) -> Vec<(&str, u64)> {
    let stats = stats.as_array().unwrap().iter();
    stats
        .map(|one| {
            (
                one["period"].as_str().unwrap(),
                one["api_calls"].as_u64().unwrap(),
            )
        })
        .collect()
}

/// Sunday the 15th of November 2026: two calls. Monday: one, with another key. Tuesday: two, a score and a list.
async fn three_days(app: &TestApp) -> (Customer, Customer) {
    let first = app.customer_on(Product::Intent, "scale", 100).await;
    let second = app.with_scopes(&first, &[Scope::Read]).await;
    scores(app, &first, 2).await;
    app.clock.advance(86_400);
    scores(app, &second, 1).await;
    app.clock.advance(86_400);
    scores(app, &first, 1).await;
    app.get("/api/v1/score/bulk")
        .key(&first)
        .send()
        .await
        .expect(200);
    (first, second)
}

#[tokio::test]
async fn days_that_are_closed_and_the_day_that_is_open() {
    let app = TestApp::new().await;
    let (first, _) = three_days(&app).await;
    let answer = get(&app, &first, "days=4").await.expect(200);
    let mut shown = answer.shown();
    assert_eq!(shown["body"]["userId"], first.account.to_string());
    shown["body"]["userId"] = json!("[account]");
    insta::assert_json_snapshot!(shown, @r#"
    {
      "body": {
        "interval": "day",
        "product": "intent",
        "stats": [
          {
            "api_calls": 2,
            "period": "2026-11-17",
            "reports": 0
          },
          {
            "api_calls": 1,
            "period": "2026-11-16",
            "reports": 0
          },
          {
            "api_calls": 2,
            "period": "2026-11-15",
            "reports": 0
          },
          {
            "api_calls": 0,
            "period": "2026-11-14",
            "reports": 0
          }
        ],
        "userId": "[account]"
      },
      "status": 200
    }
    "#);
    assert_eq!(
        get(&app, &first, "").await.json["stats"]
            .as_array()
            .unwrap()
            .len(),
        30
    );
    assert_eq!(
        get(&app, &first, "days=365").await.json["stats"]
            .as_array()
            .unwrap()
            .len(),
        365
    );
}

#[tokio::test]
async fn a_call_of_the_next_day_counts_every_day_once() {
    let app = TestApp::new().await;
    let (first, _) = three_days(&app).await;
    // This very call closes the day that it tells of.
    app.clock.advance(86_400);
    for _ in 0..2 {
        let answer = get(&app, &first, "days=2").await.expect(200);
        assert_eq!(
            calls(&answer.json["stats"]),
            [("2026-11-18", 0), ("2026-11-17", 2)]
        );
    }
}

#[tokio::test]
async fn weeks_and_months() {
    let app = TestApp::new().await;
    let (first, _) = three_days(&app).await;
    let answer = get(&app, &first, "interval=week&days=9").await.expect(200);
    assert_eq!(
        calls(&answer.json["stats"]),
        [("2026-W47", 3), ("2026-W46", 2)]
    );
    let answer = get(&app, &first, "interval=month&days=20")
        .await
        .expect(200);
    assert_eq!(
        calls(&answer.json["stats"]),
        [("2026-11", 5), ("2026-10", 0)]
    );
}

#[tokio::test]
async fn series_by_key_and_by_route() {
    let app = TestApp::new().await;
    let (first, second) = three_days(&app).await;
    let by_key = get(&app, &first, "group_by=key&days=3").await.expect(200);
    let series = &by_key.json["series"];
    assert_eq!(series[0]["key"], first.key.to_string());
    assert_eq!(
        calls(&series[0]["stats"]),
        [("2026-11-17", 2), ("2026-11-15", 2)]
    );
    assert_eq!(series[1]["key"], second.key.to_string());
    assert_eq!(calls(&series[1]["stats"]), [("2026-11-16", 1)]);

    let by_route = get(&app, &first, "group_by=route&interval=month")
        .await
        .expect(200);
    let series = &by_route.json["series"];
    assert_eq!(series[0]["route"], "GET /api/v1/score");
    assert_eq!(calls(&series[0]["stats"]), [("2026-11", 4)]);
    assert_eq!(series[1]["route"], "GET /api/v1/score/bulk");
    assert_eq!(calls(&series[1]["stats"]), [("2026-11", 1)]);
}

#[tokio::test]
async fn a_revoked_key_keeps_its_name_as_long_as_it_has_a_row() {
    let app = TestApp::new().await;
    let (first, second) = three_days(&app).await;
    second.revoke(&app.accounts, app.clock.now()).await;
    let answer = get(&app, &first, "group_by=key").await.expect(200);
    assert_eq!(answer.json["series"][1]["key"], second.key.to_string());
}

#[tokio::test]
async fn what_is_not_in_order() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for (query, field) in [
        ("interval=year", "interval"),
        ("days=0", "days"),
        ("days=366", "days"),
        ("days=x", "days"),
        ("group_by=colour", "group_by"),
    ] {
        let answer = get(&app, &customer, query).await.expect(400);
        assert_eq!(answer.json["error"]["field"], field);
    }
}

#[tokio::test]
async fn liquidity_has_them_from_the_plan_analyst_on() {
    let app = TestApp::new().await;
    let observer = app.customer_on(Product::Liquidity, "observer", 0).await;
    let answer = get(&app, &observer, "").await.expect(402);
    assert_eq!(answer.error().0, "PLAN_REQUIRED");
    assert_eq!(
        answer.json["error"]["upgradeUrl"],
        "https://assay.example/pricing"
    );
    let analyst = app.customer_on(Product::Liquidity, "analyst", 0).await;
    get(&app, &analyst, "").await.expect(200);
}
