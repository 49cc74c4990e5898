//! Transactional outbox: sends the queue messages of new workspace rows. A handler that starts work only writes a row; no
//! message is lost after the write, because the stream redelivers the row until its messages are sent.

mod route;

use aws_types::SdkConfig;
use config::Env;
use queue::Queue;
use runtime::Failure;
use workspace::JobEnvelope;

use crate::route::route;

/// Sends messages for new rows.
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

    /// Sends the messages of a new job, one per chunk. The stream's filter in template.yaml passes only rows of jobs. May run
    /// twice: the workers are idempotent. A job of a kind without a queue is an error, and its record ends in the outbox's
    /// dead-letter queue.
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
