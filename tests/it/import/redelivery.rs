//! When a message that failed is delivered again.

use aws_sdk_sqs::Client;
use import::ImportWorker;
use queue::Queue;
use runtime::Delivery;
use tests::TestApp;

/// The visibility timeout of the import queue, in seconds.
const VISIBILITY: i32 = 5_400;

#[tokio::test]
async fn a_message_that_fails_does_not_wait_for_its_visibility_timeout() {
    let app = TestApp::new().await;
    let queues = app.queues().await;
    let app = app
        .with_variable("IMPORT_QUEUE_URL", &queues.source)
        .with_variable("RETRY_SECONDS", "0");
    let sqs = Client::new(&app.aws);
    let send = sqs.send_message().queue_url(&queues.source);
    send.message_body("not json").send().await.unwrap();
    let receive = sqs.receive_message().queue_url(&queues.source);
    let receive = receive.visibility_timeout(VISIBILITY).wait_time_seconds(5);
    let message = receive.send().await.unwrap().messages.unwrap().remove(0);

    let worker = ImportWorker::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    let delivery = Delivery {
        body: message.body.unwrap(),
        receipt: message.receipt_handle.unwrap(),
        deadline: app.deadline(),
    };
    worker.receive(delivery).await.unwrap_err();
    // The test's queue gives a message up after one delivery: it is visible, so it goes to the dead-letter queue.
    let source = Queue::new(&app.aws, queues.source);
    assert!(source.receive(0).await.unwrap().is_empty());
    let dead = Queue::new(&app.aws, queues.dead);
    assert_eq!(dead.receive(0).await.unwrap().len(), 1);
}
