use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Name, QueueAttributeName};
use types::Timestamp;

use crate::{Queue, QueueError};

/// A message that was received from a queue and is invisible to others for a while: to be looked at, sent on, deleted or
/// released.
#[derive(Clone, Debug)]
pub struct QueueMessage {
    /// The queue's id of it.
    pub id: String,
    /// Its body.
    pub body: String,
    /// When it was sent for the first time.
    pub sent_at: Timestamp,
    /// How often it was received, this time included.
    pub received: u64,
    group: Option<String>,
    receipt: String,
}

impl Queue {
    /// About how many messages wait on the queue; those that somebody has received are not among them.
    pub async fn waiting(&self) -> Result<u64, QueueError> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = self.client.get_queue_attributes().queue_url(&self.url);
        let found = asked.attribute_names(name.clone()).send().await;
        let found = found.map_err(|error| QueueError::Unavailable(error.into()))?;
        let count = found.attributes.and_then(|mut all| all.remove(&name));
        Ok(count.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Receives up to ten messages with a visibility timeout of `seconds`: nobody else receives them meanwhile. An empty list
    /// means that none was found now.
    pub async fn receive(&self, seconds: i32) -> Result<Vec<QueueMessage>, QueueError> {
        let received = self.client.receive_message().queue_url(&self.url);
        let received = received
            .max_number_of_messages(10)
            .visibility_timeout(seconds)
            // A short poll asks only some of the queue's servers.
            .wait_time_seconds(1)
            .message_system_attribute_names(Name::All)
            .send()
            .await
            .map_err(|error| QueueError::Unavailable(error.into()))?;
        let messages = received.messages.unwrap_or_default();
        Ok(messages.into_iter().filter_map(read).collect())
    }

    /// Sends a message's content to this queue, as a new message of the same group. Returns the new id, which a message keeps
    /// when it goes to a dead-letter queue.
    pub async fn forward(&self, message: &QueueMessage) -> Result<String, QueueError> {
        let request = self.client.send_message().queue_url(&self.url);
        let request = request.message_body(&message.body);
        let sent = request
            .set_message_group_id(message.group.clone())
            .send()
            .await;
        let sent = sent.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(sent.message_id.unwrap_or_default())
    }

    /// Deletes a message that was received from this queue.
    pub async fn delete(&self, message: &QueueMessage) -> Result<(), QueueError> {
        let delete = self.client.delete_message().queue_url(&self.url);
        let deleted = delete.receipt_handle(&message.receipt).send().await;
        deleted.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(())
    }

    /// Makes a message visible again, so that it may be received at once.
    pub async fn release(&self, message: &QueueMessage) -> Result<(), QueueError> {
        self.release_in(&message.receipt, 0).await
    }

    /// Makes a message visible again in so many seconds. `receipt` names the delivery by which its receiver has it.
    pub async fn release_in(&self, receipt: &str, seconds: i32) -> Result<(), QueueError> {
        let change = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt)
            .visibility_timeout(seconds);
        let changed = change.send().await;
        changed.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(())
    }
}

/// A received message; none if the queue left out what it always sends.
fn read(message: Message) -> Option<QueueMessage> {
    let attributes = message.attributes.unwrap_or_default();
    let number = |name| attributes.get(&name).and_then(|text| text.parse().ok());
    let sent: i64 = number(Name::SentTimestamp).unwrap_or(0);
    Some(QueueMessage {
        id: message.message_id?,
        body: message.body?,
        sent_at: Timestamp::from_millisecond(sent).ok()?,
        received: number(Name::ApproximateReceiveCount).map_or(1, i64::unsigned_abs),
        group: attributes.get(&Name::MessageGroupId).cloned(),
        receipt: message.receipt_handle?,
    })
}
