//! What holds back a second delivery and an attempt that is too late, seen before the end makes up for it.

use bulk::Attempt;
use futures::future::join_all;
use intent_store::{ScoreFiles, ScoreJob};
use store::StoreError;
use tests::TestApp;
use types::{Credits, Timestamp};
use workspace::{Finish, JobState};

use super::{companies, customer_who_knows_half};

#[tokio::test]
async fn progress_is_exact_while_a_chunk_is_delivered_five_times_at_once() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 1_000, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let messages = app.messages(&customer, job).await;
    let worker = app.worker();
    for (index, done) in [50, 100].into_iter().enumerate() {
        let deliveries = (0..5).map(|_| worker.handle(&messages[index], Attempt::Score));
        for result in join_all(deliveries).await {
            result.unwrap();
        }
        let row = app.job(&customer, job).await;
        assert_eq!((row.state, row.units_done), (JobState::Running, done));
    }
}

#[tokio::test]
async fn an_attempt_whose_lease_went_to_another_cannot_end_the_job() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let job = app.submit(&customer, &companies(3)).await;
    let minute_later = |now: Timestamp| Timestamp::from_second(now.as_second() + 60).unwrap();
    let lease = async |name: &str| {
        let now = app.clock.now();
        let until = minute_later(now);
        app.workspace
            .lease_job::<ScoreJob>(customer.account, job, name, now, until)
            .await
    };
    let slow = lease("slow").await.unwrap();
    assert!(matches!(lease("early").await, Err(StoreError::Conflict)));
    app.clock.advance(60);
    let quick = lease("quick").await.unwrap();

    let finish = Finish {
        state: JobState::Failed,
        units_done: 0,
        units_failed: 3,
        charged: Credits::ZERO,
        outcome: ScoreFiles::default(),
        expires: minute_later(app.clock.now()),
    };
    let late = app
        .workspace
        .finish_job(&slow, &finish, app.clock.now())
        .await;
    assert!(matches!(late, Err(StoreError::Conflict)));
    assert_eq!(app.balance(&customer).await, Credits::whole(97));
    app.workspace
        .finish_job(&quick, &finish, app.clock.now())
        .await
        .unwrap();
    assert_eq!(app.balance(&customer).await, Credits::whole(100));
}
