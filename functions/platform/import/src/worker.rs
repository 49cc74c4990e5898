use std::sync::Arc;

use aws_types::SdkConfig;
use config::Env;
use queue::Queue;
use runtime::{Delivery, Failure};
use types::{Chain, Clock};

use crate::Importer;

/// Takes the notifications of new files from their queue.
#[derive(Clone, Debug)]
pub struct ImportWorker {
    importer: Importer,
    queue: Queue,
    retry_seconds: i32,
}

impl ImportWorker {
    /// From `IMPORT_QUEUE_URL`, `RETRY_SECONDS` (after which a message that failed is delivered again, default 300), and the
    /// variables of [`Importer::from_env`].
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let retry = env.number("RETRY_SECONDS")?.map(i32::try_from);
        Ok(Self {
            importer: Importer::from_env(env, aws, clock)?,
            queue: Queue::new(aws, env.required("IMPORT_QUEUE_URL")?),
            retry_seconds: retry.transpose()?.unwrap_or(300),
        })
    }

    /// Imports the files that a delivered message names. If that fails, the message is delivered again soon: its visibility
    /// timeout is for a process that ends before it returns, and longer than the longest import.
    pub async fn receive(&self, delivery: Delivery) -> Result<(), Failure> {
        let done = self
            .importer
            .handle(&delivery.body, delivery.deadline)
            .await;
        if done.is_err() {
            let released = self
                .queue
                .release_in(&delivery.receipt, self.retry_seconds)
                .await;
            if let Err(error) = released {
                tracing::warn!(error = %Chain(&error), "a failed import is delivered again only when its visibility timeout ends");
            }
        }
        done
    }
}
