use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Name, QueueAttributeName};
use types::Timestamp;

use crate::{Queue, QueueError};

/// A message that was taken off a queue for a while, to be looked at, sent on, deleted or let go again.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The queue's id of it.
    pub id: String,
    /// What it says.
    pub body: String,
    /// When it was sent for the first time.
    pub sent_at: Timestamp,
    /// How often it was received, this time included.
    pub received: u64,
    group: Option<String>,
    receipt: String,
}

impl Queue {
    /// About how many messages wait on the queue; those that somebody has taken are not among them.
    pub async fn waiting(&self) -> Result<u64, QueueError> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = asked.attribute_names(name.clone()).send().await;
        let answer = answer.map_err(|error| QueueError::Unavailable(error.into()))?;
        let count = answer.attributes.and_then(|mut all| all.remove(&name));
        Ok(count.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Takes up to ten messages for `seconds`: nobody else receives them meanwhile. None means that none was found now.
    pub async fn take(&self, seconds: i32) -> Result<Vec<Letter>, QueueError> {
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
        Ok(messages.into_iter().filter_map(letter).collect())
    }

    /// Sends a letter's content to this queue, as a new message of the same group. Answers the new id, which a message keeps
    /// when it goes to a dead-letter queue.
    pub async fn forward(&self, letter: &Letter) -> Result<String, QueueError> {
        let send = self.client.send_message().queue_url(&self.url);
        let send = send.message_body(&letter.body);
        let answer = send.set_message_group_id(letter.group.clone()).send().await;
        let answer = answer.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(answer.message_id.unwrap_or_default())
    }

    /// Deletes a letter that was taken off this queue.
    pub async fn delete(&self, letter: &Letter) -> Result<(), QueueError> {
        let delete = self.client.delete_message().queue_url(&self.url);
        let deleted = delete.receipt_handle(&letter.receipt).send().await;
        deleted.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(())
    }

    /// Lets a letter go, so that it may be received at once.
    pub async fn let_go(&self, letter: &Letter) -> Result<(), QueueError> {
        let change = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(&letter.receipt)
            .visibility_timeout(0);
        let changed = change.send().await;
        changed.map_err(|error| QueueError::Unavailable(error.into()))?;
        Ok(())
    }
}

/// A received message; none if the queue left out what it always sends.
fn letter(message: Message) -> Option<Letter> {
    let attributes = message.attributes.unwrap_or_default();
    let number = |name| attributes.get(&name).and_then(|text| text.parse().ok());
    let sent: i64 = number(Name::SentTimestamp).unwrap_or(0);
    Some(Letter {
        id: message.message_id?,
        body: message.body?,
        sent_at: Timestamp::from_millisecond(sent).ok()?,
        received: number(Name::ApproximateReceiveCount).map_or(1, i64::unsigned_abs),
        group: attributes.get(&Name::MessageGroupId).cloned(),
        receipt: message.receipt_handle?,
    })
}
