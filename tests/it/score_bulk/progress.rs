//! A job from its submission to its end, as its owner polls it.

use bulk::Attempt;
use serde_json::Value;
use tests::{Customer, TestApp};
use types::{Credits, JobId};

use super::{PATH, assert_settled, companies, customer_who_knows_half, path};

async fn poll(app: &TestApp, customer: &Customer, job: JobId) -> Value {
    let call = app.get(&path(job)).key(customer);
    call.send().await.expect(200).json
}

#[tokio::test]
async fn states_and_counts() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let messages = app.messages(&customer, job).await;
    let worker = app.worker();

    let queued = poll(&app, &customer, job).await;
    assert_eq!(queued["status"], "queued");
    assert!(queued.get("started_at").is_none());
    app.clock.advance(5);
    // In any order; the last chunk is the short one.
    for (chunk, done, pending) in [(2, 20, 100), (0, 70, 50)] {
        worker
            .handle(&messages[chunk], Attempt::Score)
            .await
            .unwrap();
        let running = poll(&app, &customer, job).await;
        assert_eq!(running["status"], "running");
        assert_eq!(running["started_at"], "2026-11-15T12:00:15Z");
        let rows = &running["rows"];
        assert_eq!(
            (&rows["done"], &rows["pending"]),
            (&done.into(), &pending.into())
        );
        assert_eq!(running["credits"]["reserved"], 120);
        assert!(running.get("download_url").is_none());
        app.clock.advance(5);
    }
    worker.handle(&messages[1], Attempt::Score).await.unwrap();
    let mut done = app.get(&path(job)).key(&customer).send().await.expect(200);
    let url = done.json.as_object_mut().unwrap().remove("download_url");
    assert!(url.unwrap().as_str().unwrap().starts_with("http"));
    insta::assert_json_snapshot!(done.shown(), @r#"
    {
      "body": {
        "completed_at": "2026-11-15T12:00:25Z",
        "created_at": "2026-11-15T12:00:10Z",
        "credits": {
          "charged": 60,
          "refunded": 60,
          "reserved": 120
        },
        "expires_at": "2026-11-15T13:00:25Z",
        "job_id": "[job]",
        "poll_url": "/api/v1/score/bulk/[job]",
        "results_kept_until": "2026-11-22T12:00:25Z",
        "rows": {
          "done": 120,
          "duplicate": 0,
          "failed": 0,
          "invalid": 0,
          "pending": 0,
          "total": 120,
          "valid": 120
        },
        "started_at": "2026-11-15T12:00:15Z",
        "status": "done"
      },
      "status": 200
    }
    "#);
    assert_settled(&app, &customer, job, Credits::whole(200)).await;
}

#[tokio::test]
async fn another_account_s_job_is_no_job() {
    let app = TestApp::new().await;
    let (owner, other) = (app.customer(10).await, app.customer(10).await);
    let job = app.submit(&owner, &companies(1)).await;
    let foreign = app.get(&path(job)).key(&other).send().await;
    insta::assert_json_snapshot!(foreign.shown(), @r#"
    {
      "body": {
        "error": {
          "code": "NOT_FOUND",
          "message": "there is no such bulk job",
          "requestId": "[request]"
        }
      },
      "status": 404
    }
    "#);
    let cancel = format!("{}/cancel", path(job));
    let cancelled = app.post(&cancel).key(&other).send().await.expect(404);
    assert_eq!(cancelled.error(), foreign.error());
    assert_eq!(poll(&app, &owner, job).await["status"], "queued");

    let missing = JobId::new(app.clock.now()).to_string();
    let upper = job.to_string().to_uppercase();
    let key = owner.key.to_string();
    for id in [
        "x",
        "job_",
        "job_01",
        &missing,
        &upper,
        &key,
        "%20",
        "job_%2e%2e",
    ] {
        let get = app.get(&format!("{PATH}/{id}")).key(&owner).send().await;
        assert_eq!(get.expect(404).error(), ("NOT_FOUND", ""), "{id}");
        let cancel = app.post(&format!("{PATH}/{id}/cancel")).key(&owner);
        assert_eq!(cancel.send().await.expect(404).error().0, "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_job_is_kept_for_seven_days() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let job = app.submit(&customer, &companies(1)).await;
    app.deliver(&customer, job, Attempt::Score).await;
    app.clock.advance(7 * 86_400 - 1);
    let last = poll(&app, &customer, job).await;
    assert_eq!(last["results_kept_until"], "2026-11-22T12:00:10Z");
    assert!(last.get("download_url").is_some());
    app.clock.advance(1);
    app.get(&path(job)).key(&customer).send().await.expect(404);
    let cancel = format!("{}/cancel", path(job));
    app.post(&cancel).key(&customer).send().await.expect(404);
}

#[tokio::test]
async fn messages_that_are_no_chunks() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let job = app.submit(&customer, &companies(1)).await;
    let worker = app.worker();
    let message = app.messages(&customer, job).await.remove(0);
    for attempt in [Attempt::Score, Attempt::GiveUp] {
        // These fail, so that the queue delivers them again and then puts them aside.
        for poison in ["", "not json", "{}", r#"{"task":"score_chunk.v2"}"#] {
            worker.handle(poison, attempt).await.unwrap_err();
        }
        let beyond = message.replace("\"chunk\":0", "\"chunk\":1");
        worker.handle(&beyond, attempt).await.unwrap_err();
        // The job is no longer kept: there is nothing left to do.
        let gone = message.replace(&job.to_string(), &JobId::new(app.clock.now()).to_string());
        worker.handle(&gone, attempt).await.unwrap();
    }
    assert_eq!(poll(&app, &customer, job).await["status"], "queued");
}
