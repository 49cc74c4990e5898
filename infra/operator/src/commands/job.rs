use clap::Subcommand;
use intent_store::ScoreJob;
use queue::{ScoreChunk, Task};
use runtime::Failure;
use serde_json::json;
use types::{AccountId, JobId};
use workspace::Job;

use crate::operator::Operator;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Resend the queue messages of a job that is stuck: one for each unfinished chunk. Chunks are idempotent.
    #[command(
        after_help = "Example: assay job retry acct_01k9xw3tkbc2v6m8p4h0r5zqde job_01k9xw6f1d8e2r3s4t5v6w7x8y"
    )]
    Retry {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Job id, such as job_01k9xw6f1d8e2r3s4t5v6w7x8y.
        job: JobId,
    },
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let Self::Retry { account, job } = self;
        let row = operator.workspace()?.job::<ScoreJob>(account, job).await?;
        let row = row.ok_or_else(|| format!("{account} has no job {job}"))?;
        if row.state.is_final() {
            let message = format!(
                "{job} has ended, so there is nothing to resend; submit the file as a new job"
            );
            return Err(message.into());
        }
        let chunks = chunks(&row);
        let tasks: Vec<Task> = chunks
            .iter()
            .map(|chunk| {
                Task::ScoreChunk(ScoreChunk {
                    account,
                    job,
                    chunk: *chunk,
                })
            })
            .collect();
        let queue = operator.queue("BULK_QUEUE_URL")?;
        queue.send(&account.to_string(), &tasks).await?;
        let text = format!("{job}: sent {} of {} chunks", chunks.len(), row.chunks);
        Output::new(
            json!({ "job": job, "sent": chunks, "chunks": row.chunks }),
            text,
        )
    }
}

/// The chunks to send. A job that is ready to finish is finished by the worker of any chunk, so one is enough then.
fn chunks(job: &Job<ScoreJob>) -> Vec<u64> {
    if job.is_ready_to_finish() {
        return vec![0];
    }
    (0..job.chunks).filter(|chunk| job.wants(*chunk)).collect()
}
