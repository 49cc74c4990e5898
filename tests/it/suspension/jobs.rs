use bulk::Attempt;
use intent_store::{ScoreFiles, ScoreJob};
use serde_json::Value;
use tests::signal;
use types::{Credits, JobId, whole_second};
use workspace::{Job, JobState, NewJob, Submitted};

use super::*;
use crate::score_bulk::{assert_settled, companies};

const BULK: &str = "/api/v1/score/bulk";

/// A customer who knows something of every second company.
async fn customer(app: &TestApp) -> Customer {
    let customer = open(app, "1000").await;
    let signals: Vec<Value> = (0..120)
        .step_by(2)
        .map(|row| signal(&format!("company{row}.com"), "hiring", 10, "1"))
        .collect();
    app.learn(&customer, &signals).await;
    customer
}

#[tokio::test]
async fn that_run_stop_before_their_next_chunk_and_give_their_credits_back() {
    let app = TestApp::new().await;
    let customer = customer(&app).await;
    let before = app.balance(&customer).await;
    let job = app.submit(&customer, &companies(120)).await;
    let messages = app.messages(&customer, job).await;
    let first = app.worker();
    first.handle(&messages[0], Attempt::Score).await.unwrap();
    let told = suspend(&app, customer.account).await;
    assert_eq!(told["cancelledJobs"], serde_json::json!([job]));
    let call = app.post(BULK).key(&customer).csv(&companies(1));
    assert_suspended(&call.send().await);

    app.deliver(&customer, job, Attempt::Score).await;
    let (row, _) = assert_settled(&app, &customer, job, before).await;
    assert_eq!(row.state, JobState::Cancelled);
    assert_eq!((row.units_done, row.charged), (50, Some(250)));

    resume(&app, customer.account).await;
    let again = app.submit(&customer, &companies(120)).await;
    let row = app.deliver(&customer, again, Attempt::Score).await;
    assert_eq!(row.state, JobState::Done);
}

#[tokio::test]
async fn a_command_that_died_half_way_is_completed_by_the_next() {
    let app = TestApp::new().await;
    let customer = customer(&app).await;
    let jobs = [
        app.submit(&customer, &companies(120)).await,
        app.submit(&customer, &companies(60)).await,
    ];
    let ended = app.submit(&customer, &companies(10)).await;
    app.deliver(&customer, ended, Attempt::Score).await;
    let by = auth::ChangedBy {
        actor: accounts::Actor::Operator,
        now: app.clock.now(),
        request: None,
    };
    let audit = by.entry(
        accounts::AuditAction::AccountSuspend,
        String::new(),
        String::new(),
    );
    let suspension = accounts::Suspension {
        since: by.now,
        reason: REASON.to_owned(),
    };
    let suspended = app.accounts.suspend(customer.account, &suspension, &audit);
    assert!(suspended.await.unwrap());

    let told = suspend(&app, customer.account).await;
    assert_eq!(told["changed"], false);
    assert_eq!(told["cancelledJobs"].as_array().unwrap().len(), 2);
    for job in jobs {
        let row = app.deliver(&customer, job, Attempt::Score).await;
        assert_eq!((row.state, row.charged), (JobState::Cancelled, Some(0)));
    }
    assert_eq!(app.meter(&customer).await.jobs_active, 0);
}

#[tokio::test]
async fn a_call_that_was_admitted_before_submits_none() {
    let app = TestApp::new().await;
    let customer = open(&app, "10").await;
    let seen = app.meter(&customer).await;
    suspend(&app, customer.account).await;
    let now = whole_second(app.clock.now());
    let work = ScoreJob {
        rows_total: 1,
        rows_valid: 1,
        rows_invalid: 0,
        rows_duplicate: 0,
        chunk_rows: 50,
        chunk_ends: vec![10],
        files: ScoreFiles::default(),
    };
    let ids = (customer.account, JobId::new(now));
    let row: Job<ScoreJob> = Job::queued(ids, 1, Credits::whole(1), now, work);
    let new = NewJob { row, max_active: 3 };
    let submitted = app.workspace.submit_job(new, &seen).await.unwrap();
    match submitted {
        Submitted::No(meter) => assert!(meter.is_suspended()),
        Submitted::Yes => panic!("the job was submitted"),
    }
    assert_eq!(app.balance(&customer).await, Credits::whole(10));
}
