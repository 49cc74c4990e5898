//! Chunks that came back through the dead-letter queue: their rows fail and are refunded.

use bulk::Attempt;
use futures::future::join;
use tests::{Death, TestApp};
use types::Credits;
use workspace::JobState;

use super::{assert_settled, companies, customer_who_knows_half, path};

#[tokio::test]
async fn a_job_of_which_nothing_could_be_scored_has_failed() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let row = app.deliver(&customer, job, Attempt::GiveUp).await;
    assert_eq!(row.state, JobState::Failed);
    let (row, _) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    assert_eq!((row.units_done, row.units_failed), (0, 120));
    assert_eq!(app.balance(&customer).await, Credits::whole(200));
    let poll = app.get(&path(job)).key(&customer).send().await.expect(200);
    assert_eq!(poll.json["status"], "failed");
    assert_eq!(poll.json["credits"]["refunded"], 120);
    let errors = app.object(&row.work.files.errors_key.unwrap()).await;
    assert_eq!(errors.matches(",not_processed,").count(), 120);
}

#[tokio::test]
async fn one_chunk_of_three_leaves_a_job_that_is_done() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let messages = app.messages(&customer, job).await;
    let worker = app.worker();
    for (chunk, attempt) in [
        (0, Attempt::Score),
        (1, Attempt::GiveUp),
        (2, Attempt::Score),
    ] {
        worker.handle(&messages[chunk], attempt).await.unwrap();
    }
    let (row, _) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    assert_eq!(row.state, JobState::Done);
    assert_eq!((row.units_done, row.units_failed), (70, 50));
    assert_eq!(row.charged, Some(Credits::whole(35).tenths()));
    let errors = app.object(&row.work.files.errors_key.unwrap()).await;
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), 51);
    insta::assert_snapshot!(lines[..2].join("\n"), @r#"
    company_name,domain,line,reason,message
    Company 50,company50.com,52,not_processed,"the row could not be processed after several attempts; it was refunded, send it again"
    "#);
    // The message comes once more, to whoever scores: nothing changes.
    app.deliver(&customer, job, Attempt::Score).await;
    assert_settled(&app, &customer, job, Credits::whole(200)).await;
}

#[tokio::test]
async fn given_up_and_scored_at_once_it_is_one_of_the_two() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 2_000, 60).await;
    for round in 0..12 {
        let before = app.balance(&customer).await;
        let job = app.submit(&customer, &companies(60)).await;
        let messages = app.messages(&customer, job).await;
        let (one, other) = (app.worker(), app.worker());
        if round % 2 == 0 {
            one.handle(&messages[0], Attempt::Score).await.unwrap();
        }
        for message in &messages {
            let score = async {
                for _ in 0..round / 4 {
                    app.get(&path(job)).key(&customer).send().await.expect(200);
                }
                one.handle(message, Attempt::Score).await
            };
            let _ = join(score, other.handle(message, Attempt::GiveUp)).await;
        }
        app.clock.advance(61);
        app.deliver(&customer, job, Attempt::Score).await;
        let (row, _) = assert_settled(&app, &customer, job, before).await;
        assert_eq!(row.units_done + row.units_failed, 60);
    }
}

#[tokio::test]
async fn who_gives_up_and_dies_at_any_write_refunds_exactly() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 10_000, 60).await;
    let mortal = app.mortal_worker();
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let before = app.balance(&customer).await;
        let job = app.submit(&customer, &companies(60)).await;
        let messages = app.messages(&customer, job).await;
        app.worker()
            .handle(&messages[0], Attempt::Score)
            .await
            .unwrap();
        let given_up = mortal.handle(&messages[1], Attempt::GiveUp);
        let died = app.deaths.run(Some(death), given_up).await.is_none();
        app.clock.advance(61);
        app.worker()
            .handle(&messages[1], Attempt::GiveUp)
            .await
            .unwrap();
        let (row, _) = assert_settled(&app, &customer, job, before).await;
        assert_eq!((row.units_done, row.units_failed), (50, 10));
        if !died {
            // Part, count, lease, result, errors, end.
            assert_eq!(death, Death::Before(6));
            break;
        }
    }
}

#[tokio::test]
async fn a_job_whose_upload_is_gone_is_ended_and_refunded() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 60).await;
    let job = app.submit(&customer, &companies(60)).await;
    let messages = app.messages(&customer, job).await;
    let worker = app.worker();
    worker.handle(&messages[0], Attempt::Score).await.unwrap();
    let upload = format!("jobs/{}/{job}/upload.ndjson", customer.account);
    app.bucket().delete(&upload).await.unwrap();

    let scored = worker.handle(&messages[1], Attempt::Score).await;
    scored.unwrap_err();
    worker.handle(&messages[1], Attempt::GiveUp).await.unwrap();
    let row = app.job(&customer, job).await;
    assert!(row.state.is_final());
    assert_eq!(row.charged, Some(0), "nothing can be delivered");
    assert_eq!(app.balance(&customer).await, Credits::whole(200));
    assert_eq!(app.meter(&customer).await.jobs_active, 0);
}
