//! `POST …/cancel`: finished rows are kept and charged, the rest is refunded.

use bulk::Attempt;
use futures::future::{join, join_all};
use tests::{Answer, Customer, TestApp};
use types::{Credits, JobId};
use workspace::JobState;

use super::{assert_settled, companies, customer_who_knows_half, path};

async fn cancel(app: &TestApp, customer: &Customer, job: JobId) -> Answer {
    let path = format!("{}/cancel", path(job));
    app.post(&path).key(customer).send().await.expect(200)
}

#[tokio::test]
async fn before_any_chunk() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let mut answer = cancel(&app, &customer, job).await;
    for link in ["download_url", "errors_url"] {
        let url = answer.json.as_object_mut().unwrap().remove(link);
        assert!(url.unwrap().as_str().unwrap().starts_with("http"));
    }
    insta::assert_json_snapshot!(answer.shown(), @r#"
    {
      "body": {
        "cancel_requested_at": "2026-11-15T12:00:10Z",
        "completed_at": "2026-11-15T12:00:10Z",
        "created_at": "2026-11-15T12:00:10Z",
        "credits": {
          "charged": 0,
          "refunded": 120,
          "reserved": 120
        },
        "expires_at": "2026-11-15T13:00:10Z",
        "job_id": "[job]",
        "poll_url": "/api/v1/score/bulk/[job]",
        "results_kept_until": "2026-11-22T12:00:10Z",
        "rows": {
          "done": 0,
          "duplicate": 0,
          "failed": 0,
          "invalid": 0,
          "pending": 120,
          "total": 120,
          "valid": 120
        },
        "status": "cancelled"
      },
      "status": 200
    }
    "#);
    let (row, result) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    assert_eq!(result.matches(",cancelled,").count(), 120);
    let errors = app.object(&row.work.files.errors_key.unwrap()).await;
    assert_eq!(errors.lines().count(), 121);

    // The messages that are still on the way find nothing to do.
    let after = app.deliver(&customer, job, Attempt::Score).await;
    assert_eq!(after.state, JobState::Cancelled);
    assert_settled(&app, &customer, job, Credits::whole(200)).await;
}

#[tokio::test]
async fn in_the_middle() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let messages = app.messages(&customer, job).await;
    app.worker()
        .handle(&messages[1], Attempt::Score)
        .await
        .unwrap();
    let answer = cancel(&app, &customer, job).await;
    assert_eq!(answer.json["status"], "cancelled");
    assert_eq!(answer.json["rows"]["done"], 50);
    assert_eq!(answer.json["rows"]["pending"], 70);
    assert_eq!(answer.json["credits"]["charged"], 25);
    assert_eq!(answer.json["credits"]["refunded"], 95);
    let (_, result) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    let lines: Vec<&str> = result.lines().collect();
    assert!(lines[50].contains(",cancelled,"));
    assert!(lines[51].contains(",scored,"));
    assert!(lines[100].contains(",no_signals,"));
    assert!(lines[101].contains(",cancelled,"));
}

#[tokio::test]
async fn after_the_end_and_twice() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 10).await;
    let done = app.submit(&customer, &companies(10)).await;
    app.deliver(&customer, done, Attempt::Score).await;
    let before = app.job(&customer, done).await;
    assert_eq!(cancel(&app, &customer, done).await.json["status"], "done");
    assert_eq!(app.job(&customer, done).await, before);
    assert_settled(&app, &customer, done, Credits::whole(200)).await;

    let cancelled = app.submit(&customer, &companies(10)).await;
    let first = cancel(&app, &customer, cancelled).await;
    let row = app.job(&customer, cancelled).await;
    app.clock.advance(30);
    let second = cancel(&app, &customer, cancelled).await;
    assert_eq!(second.json["completed_at"], first.json["completed_at"]);
    assert_eq!(app.job(&customer, cancelled).await, row);
    assert_settled(&app, &customer, cancelled, Credits::whole(195)).await;
}

#[tokio::test]
async fn while_workers_are_at_it() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 2_000, 120).await;
    let mut ends = Vec::new();
    // The cancellation comes later and later into the work.
    for head_start in [0, 1, 2, 4, 8, 16, 24, 32, 48, 64] {
        let before = app.balance(&customer).await;
        let job = app.submit(&customer, &companies(120)).await;
        let messages = app.messages(&customer, job).await;
        let worker = app.worker();
        let work = join_all(
            messages
                .iter()
                .map(|message| worker.handle(message, Attempt::Score)),
        );
        let cancels = async {
            for _ in 0..head_start {
                app.job(&customer, job).await;
            }
            join(cancel(&app, &customer, job), cancel(&app, &customer, job)).await
        };
        let (_, (one, other)) = join(work, cancels).await;
        for answer in [one, other] {
            assert_ne!(answer.json["status"], "failed", "{}", answer.json);
        }
        // Who lost the race for the lease is delivered again.
        app.clock.advance(61);
        app.deliver(&customer, job, Attempt::Score).await;
        let (row, _) = assert_settled(&app, &customer, job, before).await;
        ends.push(row.state);
    }
    assert!(ends.contains(&JobState::Cancelled), "{ends:?}");
}

#[tokio::test]
async fn a_job_whose_files_are_gone() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 60).await;
    let job = app.submit(&customer, &companies(60)).await;
    let message = app.messages(&customer, job).await.remove(0);
    let worker = app.worker();
    worker.handle(&message, Attempt::Score).await.unwrap();
    for key in app.objects("jobs/").await {
        app.bucket().delete(&key).await.unwrap();
    }
    let answer = cancel(&app, &customer, job).await;
    assert_eq!(answer.json["status"], "cancelled");
    assert_eq!(answer.json["credits"]["charged"], 0, "nothing is delivered");
    assert!(answer.json.get("download_url").is_none());
    assert_eq!(app.balance(&customer).await, Credits::whole(200));
    assert_eq!(app.meter(&customer).await.jobs_active, 0);
}
