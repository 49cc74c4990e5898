use bulk::Attempt;
use queue::Queue;
use tests::{Customer, TestApp};
use types::{Credits, JobId};
use workspace::JobState;

use super::{operate, refusal};
use crate::score_bulk::{assert_settled, companies, customer_who_knows_half};

/// Asks for a job's messages again, and takes them off the queue.
async fn retry(app: &TestApp, customer: &Customer, job: JobId) -> Vec<String> {
    let queue = app.queues().await.source;
    let app = app.with_variable("BULK_QUEUE_URL", &queue);
    let (account, job) = (customer.account.to_string(), job.to_string());
    let outcome = operate(&app, &["job", "retry", &account, &job]).await;
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    let queue = Queue::new(&app.aws, queue);
    let mut bodies = Vec::new();
    loop {
        let taken = queue.receive(60).await.unwrap();
        if taken.is_empty() {
            bodies.sort();
            let sent = format!("{job}: sent {} of ", bodies.len());
            assert!(outcome.stdout.starts_with(&sent), "{}", outcome.stdout);
            return bodies;
        }
        bodies.extend(taken.into_iter().map(|message| message.body));
    }
}

async fn handle(app: &TestApp, messages: &[String]) {
    let worker = app.worker();
    for message in messages {
        worker.handle(message, Attempt::Score).await.unwrap();
    }
}

#[tokio::test]
async fn whose_messages_were_all_lost_ends_and_settles() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    // Days go by, and nobody comes.
    app.clock.advance(3 * 86_400);
    assert_eq!(app.balance(&customer).await, Credits::whole(80));
    let messages = retry(&app, &customer, job).await;
    assert_eq!(messages, app.messages(&customer, job).await);
    handle(&app, &messages).await;
    let (row, _) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    assert_eq!((row.state, row.units_done), (JobState::Done, 120));
    assert_eq!(row.charged, Some(Credits::whole(60).tenths()));
}

#[tokio::test]
async fn that_lost_some_is_sent_only_those_and_twice_is_as_good_as_once() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let all = app.messages(&customer, job).await;
    handle(&app, &all[1..2]).await;
    let (once, twice) = (
        retry(&app, &customer, job).await,
        retry(&app, &customer, job).await,
    );
    assert_eq!(once, [all[0].clone(), all[2].clone()]);
    assert_eq!(twice, once);
    handle(&app, &once).await;
    handle(&app, &twice).await;
    let (row, _) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    assert_eq!(row.units_done, 120);
}

#[tokio::test]
async fn whose_finish_died_is_sent_one() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 60).await;
    let job = app.submit(&customer, &companies(60)).await;
    let messages = app.messages(&customer, job).await;
    handle(&app, &messages[..1]).await;
    let mortal = app.mortal_worker();
    // The part, the count; then it takes the lease, and dies with it.
    let last = mortal.handle(&messages[1], Attempt::Score);
    let death = tests::Death::After(2);
    assert!(app.deaths.run(Some(death), last).await.is_none());
    app.clock.advance(61);
    let sent = retry(&app, &customer, job).await;
    assert_eq!(sent, messages[..1]);
    handle(&app, &sent).await;
    assert_settled(&app, &customer, job, Credits::whole(200)).await;
}

#[tokio::test]
async fn that_has_ended_or_is_not_there_is_refused() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let job = app.submit(&customer, &companies(2)).await;
    app.deliver(&customer, job, Attempt::Score).await;
    let (account, other) = (customer.account.to_string(), app.customer(0).await);
    let (job, other) = (job.to_string(), other.account.to_string());
    assert_eq!(
        refusal(&app, &["job", "retry", &account, &job]).await,
        format!("{job} has ended, so there is nothing to resend; submit the file as a new job")
    );
    assert_eq!(
        refusal(&app, &["job", "retry", &other, &job]).await,
        format!("{other} has no job {job}")
    );
    let wrong = operate(&app, &["job", "retry", &account, "job_1"]).await;
    assert_eq!(wrong.code, 2);
}
