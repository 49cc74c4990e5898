//! A job is accepted: what is answered, set aside and stored.

use tests::TestApp;
use types::Credits;
use workspace::JobState;

use super::{PATH, companies};

#[tokio::test]
async fn a_file_in_a_form() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let file = "company_name,domain\nStripe,stripe.com\nNotion,notion.so\nAgain,www.stripe.com\nNone,none\n";
    let call = app.post(PATH).key(&customer).form("file", file);
    let answer = call.send().await;
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "created_at": "2026-11-15T12:00:10Z",
        "credits": {
          "charged": 0,
          "refunded": 0,
          "reserved": 2
        },
        "job_id": "[job]",
        "poll_url": "/api/v1/score/bulk/[job]",
        "rows": {
          "done": 0,
          "duplicate": 1,
          "failed": 0,
          "invalid": 1,
          "pending": 2,
          "total": 4,
          "valid": 2
        },
        "status": "queued"
      },
      "status": 202
    }
    "#);
    assert_eq!(app.balance(&customer).await, Credits::whole(8));
    assert_eq!(app.meter(&customer).await.jobs_active, 1);
    let prefix = format!("jobs/{}/", customer.account);
    assert_eq!(app.objects(&prefix).await.len(), 1);
}

#[tokio::test]
async fn a_body_that_is_the_file() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for content_type in ["text/csv", "Text/CSV; charset=utf-8", "application/csv"] {
        let call = app
            .post(PATH)
            .key(&customer)
            .body(content_type, companies(2));
        let answer = call.send().await.expect(202);
        assert_eq!(answer.json["rows"]["valid"], 2);
        assert_eq!(answer.json["status"], "queued");
    }
}

#[tokio::test]
async fn a_thousand_rows_are_one_request_and_five_chunks() {
    let app = TestApp::new().await;
    let customer = app.customer(1_000).await;
    let job = app.submit(&customer, &companies(1_000)).await;
    assert_eq!(app.calls_this_minute(&customer).await, 1);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
    let row = app.job(&customer, job).await;
    assert_eq!((row.state, row.chunks), (JobState::Queued, 5));
    assert_eq!(row.reserved(), Credits::whole(1_000));
}

#[tokio::test]
async fn the_sixty_first_call_of_a_minute_is_refused_before_its_file_is_looked_at() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    for _ in 0..60 {
        let call = app.post(PATH).key(&customer).csv("nothing");
        call.send().await.expect(400);
    }
    let answer = app
        .post(PATH)
        .key(&customer)
        .csv(&companies(1))
        .send()
        .await;
    assert_eq!(answer.expect(429).error(), ("LIMIT_REACHED", "per_minute"));
    assert_eq!(app.meter(&customer).await.jobs_active, 0);
}

#[tokio::test]
async fn a_bucket_that_does_not_answer_costs_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let broken = app.with_variable("BUCKET", "no-such-bucket");
    let answer = broken
        .post(PATH)
        .key(&customer)
        .csv(&companies(2))
        .send()
        .await;
    assert_eq!(answer.expect(503).error().0, "UNAVAILABLE");
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
    assert_eq!(app.meter(&customer).await.jobs_active, 0);
}
