//! Exact under any number of deliveries, and after a death at any write.

use bulk::Attempt;
use tests::{Customer, Death, TestApp};
use types::{Credits, JobId};
use workspace::JobState;

use super::{assert_settled, companies, customer_who_knows_half};

/// What a job of 120 rows has come to when all of it is right.
async fn assert_exact(app: &TestApp, customer: &Customer, job: JobId, before: Credits) {
    let (row, result) = assert_settled(app, customer, job, before).await;
    assert_eq!(row.state, JobState::Done);
    assert_eq!((row.units_done, row.units_failed), (120, 0));
    assert_eq!(row.charged, Some(Credits::whole(60).tenths()));
    let lines: Vec<&str> = result.lines().collect();
    for row in 0..120 {
        let status = ["scored", "no_signals"][row % 2];
        let start = format!("Company {row},company{row}.com,company{row}.com,{status},");
        assert!(lines[row + 1].starts_with(&start), "{}", lines[row + 1]);
    }
}

#[tokio::test]
async fn messages_delivered_three_times_at_once_count_once() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 1_000, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    assert_eq!(app.balance(&customer).await, Credits::whole(880));

    let messages = app.messages(&customer, job).await;
    let worker = app.worker();
    let deliveries = messages.iter().chain(&messages).chain(&messages);
    futures::future::join_all(deliveries.map(|message| worker.handle(message, Attempt::Score)))
        .await;
    // Who lost the race for the lease is delivered again.
    app.deliver(&customer, job, Attempt::Score).await;
    assert_exact(&app, &customer, job, Credits::whole(1_000)).await;
}

#[tokio::test]
async fn a_worker_killed_at_any_write_leaves_a_job_that_ends_exactly() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 100_000, 120).await;
    let mortal = app.mortal_worker();
    let mut deaths = 0;
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let before = app.balance(&customer).await;
        let job = app.submit(&customer, &companies(120)).await;
        let messages = app.messages(&customer, job).await;
        let all = async {
            for message in &messages {
                mortal.handle(message, Attempt::Score).await.unwrap();
            }
        };
        let died = app.deaths.run(Some(death), all).await.is_none();
        deaths += usize::from(died);
        // The dead worker's lease runs out, and the queue delivers everything again.
        app.clock.advance(61);
        app.deliver(&customer, job, Attempt::Score).await;
        assert_exact(&app, &customer, job, before).await;
        if !died {
            break;
        }
    }
    // Three parts and three counts, the lease, the result, the end (no row failed, so there is no file of errors).
    assert_eq!(
        deaths,
        2 * 9,
        "a death before and after each write of a job"
    );
}

#[tokio::test]
async fn a_submission_killed_at_any_write_charges_for_a_job_or_not_at_all() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let mut deaths = 0;
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let customer = app.customer(10).await;
        let stored = app.stored_jobs().await;
        let call = mortal.post(super::PATH).key(&customer).csv(&companies(3));
        let died = app.deaths.run(Some(death), call.send()).await.is_none();
        let new = app.stored_jobs().await - stored;
        let active = app.meter(&customer).await.jobs_active;
        assert_eq!(active, new as u64);
        let set_aside = Credits::whole(3).times(active);
        assert_eq!(app.balance(&customer).await, Credits::whole(10) - set_aside);
        if !died {
            assert_eq!(new, 1);
            break;
        }
        deaths += 1;
    }
    assert_eq!(deaths, 2 * 3, "admission, upload, job");
}
