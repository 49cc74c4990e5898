//! What a company's score was, day by day.

use futures::future::join_all;
use intent::Kind;
use serde_json::Value;
use tests::{Customer, TestApp, known, signal};
use types::Credits;

use super::{get, score};

const DAY: i64 = 86_400;

async fn points(app: &TestApp, customer: &Customer, days: u16) -> Vec<Value> {
    let path = format!("/history?domain=stripe.com&days={days}");
    let answer = get(app, customer, &path).await.expect(200);
    answer.json["points"].as_array().unwrap().clone()
}

fn dates(points: &[Value]) -> Vec<&str> {
    let times = points.iter().map(|point| point["at"].as_str().unwrap());
    times.map(|time| &time[5..10]).collect()
}

#[tokio::test]
async fn a_point_a_day_the_newest_last() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    score(&app, &customer).await;
    // Kept, so not computed again.
    score(&app, &customer).await;
    app.clock.advance(3600);
    app.publish("stripe.com", known(Kind::Funding, 14, "2"))
        .await;
    let last_of_day = score(&app, &customer).await;
    app.clock.advance(30 * DAY);
    let newest = score(&app, &customer).await;
    let answer = get(&app, &customer, "/history?domain=https://stripe.com/jobs").await;
    insta::assert_json_snapshot!(answer.expect(200).shown(), @r#"
    {
      "body": {
        "credits_charged": 1,
        "days": 90,
        "domain": "stripe.com",
        "points": [
          {
            "at": "2026-11-15T13:00:10Z",
            "band": "WARM",
            "confidence": "medium",
            "model_version": "intent-2",
            "score": 51
          },
          {
            "at": "2026-12-15T13:00:10Z",
            "band": "WARM",
            "change": -6,
            "confidence": "medium",
            "model_version": "intent-2",
            "score": 45
          }
        ]
      },
      "status": 200
    }
    "#);
    assert_eq!(
        (&last_of_day["score"], &newest["score"]),
        (&51.into(), &45.into())
    );
}

#[tokio::test]
async fn a_company_without_points_is_free() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let path = "/history?domain=stripe.com";
    let nothing = get(&app, &customer, path).await.expect(200).json;
    assert_eq!(nothing["points"], serde_json::json!([]));
    assert_eq!(
        (&nothing["days"], &nothing["credits_charged"]),
        (&90.into(), &0.into())
    );
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    score(&app, &customer).await;
    assert_eq!(get(&app, &customer, path).await.json["credits_charged"], 1);
    assert_eq!(app.balance(&customer).await, Credits::whole(8));
}

#[tokio::test]
async fn days_are_utc_days_and_today_is_one_of_them() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    for _ in 0..4 {
        score(&app, &customer).await;
        app.clock.advance(DAY);
    }
    // It is the 19th; nothing was scored on it.
    assert_eq!(
        dates(&points(&app, &customer, 730).await),
        ["11-15", "11-16", "11-17", "11-18"]
    );
    assert_eq!(dates(&points(&app, &customer, 3).await), ["11-17", "11-18"]);
    assert!(points(&app, &customer, 1).await.is_empty());
    app.clock.advance(727 * DAY);
    assert_eq!(
        dates(&points(&app, &customer, 730).await),
        ["11-17", "11-18"]
    );
    app.clock.advance(2 * DAY);
    assert!(points(&app, &customer, 730).await.is_empty());
}

#[tokio::test]
async fn an_account_sees_its_own_scores_from_its_first_one_on() {
    let app = TestApp::new().await;
    let (owner, other) = (app.customer(100).await, app.customer(100).await);
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    score(&app, &other).await;
    app.clock.advance(DAY);
    score(&app, &other).await;
    app.learn(&owner, &[signal("stripe.com", "funding", 15, "2")])
        .await;
    let own = score(&app, &owner).await;
    app.clock.advance(DAY);
    score(&app, &other).await;

    let seen = points(&app, &owner, 90).await;
    assert_eq!(dates(&seen), ["11-15", "11-16"]);
    assert_eq!(seen[1]["score"], own["score"]);
    let seen = points(&app, &other, 90).await;
    assert_eq!(dates(&seen), ["11-15", "11-16", "11-17"]);
    assert!(seen.iter().all(|point| point["score"] != own["score"]));
    // Its own begin before what is asked for, so no public score takes their place.
    assert!(points(&app, &owner, 1).await.is_empty());
}

#[tokio::test]
async fn many_at_once_are_one_point() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    app.publish("stripe.com", known(Kind::Hiring, 10, "1"))
        .await;
    let instances: Vec<TestApp> = (0..8).map(|_| app.restarted()).collect();
    join_all(instances.iter().map(|app| score(app, &customer))).await;
    assert_eq!(points(&app, &customer, 90).await.len(), 1);
}
