//! Sends the messages that new rows of the workspace stand for. A handler that starts work only writes a row; nothing
//! is lost between a write and a send, because the stream delivers a row until its messages are sent.

mod route;

use aws_types::SdkConfig;
use config::Env;
use queue::Queue;
use runtime::Failure;
use workspace::JobEnvelope;

use crate::route::route;

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

    /// Sends the messages of one new row: a chunk a message, for a job. The stream's filter in template.yaml lets nothing
    /// else through. May run twice; the workers do not mind. A job of a kind that has no queue is an error, which ends in the
    /// outbox's dead-letter queue.
    pub async fn send(&self, image: serde_dynamo::Item) -> Result<(), Failure> {
        let job = JobEnvelope::from_image(image)?;
        let route = route(&job)?;
        let tasks: Vec<_> = (0..job.chunks)
            .map(|chunk| (route.task)(&job, chunk))
            .collect();
        let queue = (route.queue)(self);
        queue.send(&job.account.to_string(), &tasks).await?;
        tracing::info!(account.id = %job.account, job.id = %job.job, job.kind = %route.kind, chunks = job.chunks, "job queued");
        Ok(())
    }
}
