use bulk::Attempt;
use queue::{Queue, ScoreChunk, Task};
use serde_json::json;
use tests::{Queues, TestApp};
use types::{Credits, JobId};

use super::{refusal, text};
use crate::score_bulk::{assert_settled, companies, customer_who_knows_half};

/// An app whose bulk queue has dead letters, each given up after one delivery.
async fn with_queues(app: &TestApp) -> (TestApp, Queues) {
    let queues = app.queues().await;
    let (import, delivery) = (app.queues().await, app.queues().await);
    let app = app
        .with_variable("BULK_QUEUE_URL", &queues.source)
        .with_variable("BULK_DEAD_LETTER_QUEUE_URL", &queues.dead)
        .with_variable("IMPORT_QUEUE_URL", &import.source)
        .with_variable("IMPORT_DEAD_LETTER_QUEUE_URL", &import.dead)
        .with_variable("OUTBOX_DEAD_LETTER_QUEUE_URL", &app.queues().await.dead)
        .with_variable("DELIVERY_QUEUE_URL", &delivery.source)
        .with_variable("DELIVERY_DEAD_LETTER_QUEUE_URL", &delivery.dead)
        .with_variable("EVENT_DEAD_LETTER_QUEUE_URL", &app.queues().await.dead);
    (app, queues)
}

/// Delivers every message of a queue to somebody who fails it, until all are dead.
async fn fail_all(app: &TestApp, queues: &Queues) {
    let queue = Queue::new(&app.aws, queues.source.clone());
    while !queue.receive(0).await.unwrap().is_empty() {}
}

async fn send(app: &TestApp, queues: &Queues, tasks: &[Task]) {
    let queue = Queue::new(&app.aws, queues.source.clone());
    queue.send("test", tasks).await.unwrap();
    fail_all(app, queues).await;
}

fn chunks(customer: &tests::Customer, job: JobId, chunks: u64) -> Vec<Task> {
    let account = customer.account;
    let chunk = |chunk| {
        Task::ScoreChunk(ScoreChunk {
            account,
            job,
            chunk,
        })
    };
    (0..chunks).map(chunk).collect()
}

#[tokio::test]
async fn are_shown_and_sent_again_to_a_worker_that_ends_the_job() {
    let app = TestApp::new().await;
    let customer = customer_who_knows_half(&app, 200, 120).await;
    let job = app.submit(&customer, &companies(120)).await;
    let (app, queues) = with_queues(&app).await;
    assert_eq!(
        text(&app, &["dlq", "list"]).await,
        "no dead-letter messages\n"
    );
    send(&app, &queues, &chunks(&customer, job, 3)).await;

    let listed = super::json(&app, &["dlq", "list"]).await;
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 3);
    for message in listed {
        assert_eq!(message["queue"], "bulk");
        let body = message["body"].as_str().unwrap();
        assert!(body.contains(&job.to_string()), "{body}");
    }
    let shown = text(&app, &["dlq", "list", "bulk"]).await;
    assert!(shown.starts_with("QUEUE  MESSAGE "), "{shown}");
    assert_eq!(shown.lines().count(), 4);
    assert_eq!(
        text(&app, &["dlq", "list", "import"]).await,
        "no dead-letter messages\n"
    );

    let replayed = super::json(&app, &["dlq", "replay", "bulk", "--max", "2"]).await;
    assert_eq!(
        replayed,
        json!({ "queue": "bulk", "replayed": 2, "left": 1 })
    );
    let told = text(&app, &["dlq", "replay", "bulk"]).await;
    assert_eq!(told, "1 messages replayed, about 0 left\n");
    assert_eq!(
        text(&app, &["dlq", "list"]).await,
        "no dead-letter messages\n"
    );

    let (queue, worker) = (Queue::new(&app.aws, queues.source), app.worker());
    let mut handled = 0;
    while handled < 3 {
        for message in queue.receive(60).await.unwrap() {
            worker.handle(&message.body, Attempt::Score).await.unwrap();
            queue.delete(&message).await.unwrap();
            handled += 1;
        }
    }
    let (row, _) = assert_settled(&app, &customer, job, Credits::whole(200)).await;
    assert_eq!(row.units_done, 120);
}

#[tokio::test]
async fn that_come_back_are_not_sent_for_ever() {
    let app = TestApp::new().await;
    let customer = app.customer(1).await;
    let (app, queues) = with_queues(&app).await;
    let job = JobId::new(app.clock.now());
    send(&app, &queues, &chunks(&customer, job, 12)).await;
    // Whatever is sent again dies again meanwhile.
    let replay = text(&app, &["dlq", "replay", "bulk"]);
    let all_fail = async {
        loop {
            fail_all(&app, &queues).await;
        }
    };
    let told = tokio::select! {
        told = replay => told,
        () = all_fail => unreachable!(),
    };
    assert!(told.starts_with("12 messages replayed"), "{told}");
    fail_all(&app, &queues).await;
    let dead = Queue::new(&app.aws, queues.dead);
    let mut left = 0;
    while let taken @ 1.. = dead.receive(60).await.unwrap().len() {
        left += taken;
    }
    assert!(left <= 12, "each is there once: {left}");
}

#[tokio::test]
async fn of_the_outbox_are_no_messages() {
    let app = TestApp::new().await;
    let (app, _) = with_queues(&app).await;
    let why = refusal(&app, &["dlq", "replay", "outbox"]).await;
    assert!(why.ends_with("with `assay job retry`"), "{why}");
}
