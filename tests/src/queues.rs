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
        let source = create.send().await.unwrap().queue_url.unwrap();
        self.sources.lock().unwrap().push(source.clone());
        Queues { source, dead }
    }

    /// Takes the messages of all queues of this app.
    pub(crate) async fn take_messages(&self) -> Vec<String> {
        let sqs = aws_sdk_sqs::Client::new(&self.aws);
        let sources = self.sources.lock().unwrap().clone();
        let mut taken = Vec::new();
        for source in sources {
            loop {
                let receive = sqs.receive_message().queue_url(&source);
                let received = receive.max_number_of_messages(10).send().await.unwrap();
                let messages = received.messages.unwrap_or_default();
                if messages.is_empty() {
                    break;
                }
                taken.extend(messages.into_iter().filter_map(|message| message.body));
            }
        }
        taken
    }
}
