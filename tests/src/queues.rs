use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;
use types::random_bytes;

use crate::TestApp;

/// A queue for one test, which no function consumes, and its dead-letter queue, with a `maxReceiveCount` of 1.
#[derive(Clone, Debug)]
pub struct Queues {
    /// The queue's URL.
    pub source: String,
    /// The URL of its dead-letter queue.
    pub dead: String,
}

impl TestApp {
    /// A new queue with its dead-letter queue.
    pub async fn queues(&self) -> Queues {
        let sqs = aws_sdk_sqs::Client::new(&self.aws);
        let name = format!("test-{:016x}", u64::from_be_bytes(random_bytes()));
        let create = sqs.create_queue().queue_name(format!("{name}-dead"));
        let dead = create.send().await.unwrap().queue_url.unwrap();
        let arn = QueueAttributeName::QueueArn;
        let ask = sqs.get_queue_attributes().queue_url(&dead);
        let told = ask.attribute_names(arn.clone()).send().await.unwrap();
        let arn = &told.attributes.unwrap()[&arn];
        let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 1 });
        let create = sqs.create_queue().queue_name(name);
        let create = create.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
        Queues {
            source: create.send().await.unwrap().queue_url.unwrap(),
            dead,
        }
    }
}
