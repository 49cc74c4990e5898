use serde::{Deserialize, Serialize};
use types::{AccountId, DeliveryId, JobId, WebhookId};

/// What a message asks for. Versioned by its tag: a new form gets a new tag, and both are read while messages of the
/// old one may be on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task")]
pub enum Task {
    /// Score one chunk of a bulk job.
    #[serde(rename = "score_chunk.v1")]
    ScoreChunk(ScoreChunk),
    /// Attempt a delivery to a webhook.
    #[serde(rename = "deliver.v1")]
    Deliver(Deliver),
}

/// One chunk of a bulk job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreChunk {
    /// The job's owner.
    pub account: AccountId,
    /// The job.
    pub job: JobId,
    /// The chunk's number, from zero.
    pub chunk: u64,
}

/// One attempt of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliver {
    /// The webhook's owner.
    pub account: AccountId,
    /// The webhook.
    pub webhook: WebhookId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Attempts made before it.
    pub made: u32,
    /// How often it was put off.
    pub put_off: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Timestamp;

    #[test]
    fn a_message_as_sent() {
        let task = Task::ScoreChunk(ScoreChunk {
            account: AccountId::from_parts(Timestamp::UNIX_EPOCH, 7),
            job: JobId::from_parts(Timestamp::UNIX_EPOCH, 8),
            chunk: 3,
        });
        let sent = r#"{"task":"score_chunk.v1","account":"acct_00000000000000000000000007","job":"job_00000000000000000000000008","chunk":3}"#;
        assert_eq!(serde_json::to_string(&task).unwrap(), sent);
        assert_eq!(serde_json::from_str::<Task>(sent).unwrap(), task);
    }
}
