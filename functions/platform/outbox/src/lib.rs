//! Sends the messages that new rows of the workspace stand for. A handler that starts work only writes a row; nothing
//! is lost between a write and a send, because the stream delivers a row until its messages are sent.

use aws_types::SdkConfig;
use config::Env;
use queue::{Queue, ScoreChunk, Task};
use runtime::Failure;
use workspace::JobRow;

/// Turns new rows into messages.
#[derive(Clone, Debug)]
pub struct Outbox {
    bulk: Queue,
}

impl Outbox {
    /// From `BULK_QUEUE_URL`.
    pub fn from_env(env: &Env, aws: &SdkConfig) -> Result<Self, Failure> {
        Ok(Self {
            bulk: Queue::new(aws, env.required("BULK_QUEUE_URL")?),
        })
    }

    /// Sends the messages of one new row: a chunk a message, for a bulk job. The stream's filter in template.yaml lets
    /// nothing else through. May run twice; the workers do not mind.
    pub async fn send(&self, image: serde_dynamo::Item) -> Result<(), Failure> {
        let job = JobRow::from_image(image)?;
        self.bulk
            .send(&job.account.to_string(), &messages(&job))
            .await?;
        tracing::info!(account.id = %job.account, job.id = %job.job, chunks = job.chunks, "job queued");
        Ok(())
    }
}

fn messages(job: &JobRow) -> Vec<Task> {
    let chunk = |chunk| {
        Task::ScoreChunk(ScoreChunk {
            account: job.account,
            job: job.job,
            chunk,
        })
    };
    (0..job.chunks).map(chunk).collect()
}
