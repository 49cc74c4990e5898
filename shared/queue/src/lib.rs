#![doc = include_str!("../README.md")]

mod message;
mod task;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_types::SdkConfig;

pub use message::QueueMessage;
pub use task::{Deliver, ScoreChunk, Task};

/// Messages that one call sends.
const BATCH: usize = 10;

/// The most seconds that a message is delayed: SQS takes no more.
pub const MAX_DELAY: i32 = 900;

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A failed send. Some of the messages may have been sent: sending all again is right, and harmless to the receivers.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The queue took only some of the messages.
    #[error("the queue refused {refused} messages, first with {code}")]
    Partial {
        /// How many were refused.
        refused: usize,
        /// The first refusal's code.
        code: String,
    },
    /// A task could not be written.
    #[error("a task could not be written")]
    Unwritable(#[from] serde_json::Error),
    /// No usable response.
    #[error("the queue gave no usable response")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Queue {
    /// The queue at this URL. Makes no call.
    pub fn new(config: &SdkConfig, url: String) -> Self {
        Self {
            client: Client::new(config),
            url,
        }
    }

    /// Sends a task that is received after so many seconds, at most [`MAX_DELAY`].
    pub async fn send_later(
        &self,
        group: &str,
        task: &Task,
        seconds: i32,
    ) -> Result<(), QueueError> {
        let message = self.client.send_message().queue_url(&self.url);
        let sent = message
            .message_group_id(group)
            .message_body(serde_json::to_string(task)?)
            .delay_seconds(seconds)
            .send()
            .await;
        sent.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(())
    }

    /// Sends tasks, ten a call. `group` keeps one sender's load from holding up the others (a fair queue).
    pub async fn send(&self, group: &str, tasks: &[Task]) -> Result<(), QueueError> {
        for batch in tasks.chunks(BATCH) {
            let mut call = self.client.send_message_batch().queue_url(&self.url);
            for (index, task) in batch.iter().enumerate() {
                let entry = SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_group_id(group)
                    .message_body(serde_json::to_string(task)?);
                call = call.entries(
                    entry
                        .build()
                        .map_err(|error| QueueError::Unavailable(error.into()))?,
                );
            }
            let sent = call
                .send()
                .await
                .map_err(|error| QueueError::Unavailable(error.into()))?;
            if let Some(first) = sent.failed().first() {
                return Err(QueueError::Partial {
                    refused: sent.failed().len(),
                    code: first.code().to_owned(),
                });
            }
        }
        Ok(())
    }
}
