use std::sync::Arc;

use aws_types::SdkConfig;
use config::Env;
use intent_store::Intel;
use intent_store::ScoreJob;
use queue::{ScoreChunk, Task};
use runtime::Failure;
use scores::Scores;
use store::Dynamo;
use types::{Clock, Timestamp, whole_second};
use workspace::{ChunkDone, Job};

use crate::part::{Part, RowResult};
use crate::{Jobs, MAX_BYTES, objects, stored};

/// Bytes of a stored upload or part: JSON of a file of at most [`MAX_BYTES`], with room for quotes and escapes.
pub(crate) const MAX_JSON_BYTES: u64 = 16 * MAX_BYTES as u64;

/// Scores the chunks of bulk jobs.
#[derive(Clone, Debug)]
pub struct Worker {
    jobs: Jobs,
    scores: Option<Scores>,
    clock: Clock,
}

/// What a worker does with a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Score it.
    Score,
    /// Fail its rows: the message has reached the dead-letter queue.
    GiveUp,
}

impl Worker {
    /// A worker that scores, from the variables of [`Jobs::from_env`] and `INTEL_TABLE`.
    pub fn from_env(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let intel = Intel::new(&Dynamo::new(aws), env.required("INTEL_TABLE")?);
        let worker = Self::giving_up(env, aws, clock)?;
        Ok(Self {
            scores: Some(Scores::new(intel)),
            ..worker
        })
    }

    /// A worker that can only fail rows, from the variables of [`Jobs::from_env`].
    pub fn giving_up(env: &Env, aws: &Arc<SdkConfig>, clock: Clock) -> Result<Self, Failure> {
        let jobs = Jobs::from_env(env, aws, &Dynamo::new(aws))?;
        Ok(Self {
            jobs,
            scores: None,
            clock,
        })
    }

    /// Handles one message. Idempotent: a message may be delivered twice, concurrently or later, and an earlier delivery may
    /// have stopped at any step.
    pub async fn handle(&self, message: &str, attempt: Attempt) -> Result<(), Failure> {
        let Task::ScoreChunk(chunk) = serde_json::from_str(message)? else {
            return Err("the message is not about a chunk".into());
        };
        let Some(job) = self.jobs.workspace.job(chunk.account, chunk.job).await? else {
            tracing::warn!(job.id = %chunk.job, "a chunk of a job that no longer exists");
            return Ok(());
        };
        let now = self.clock.now();
        let job = if job.wants(chunk.chunk) {
            self.process(&job, chunk, attempt, now).await?
        } else {
            job
        };
        if job.is_ready_to_finish() {
            let job = self.jobs.finish(&job, self.clock.now()).await?;
            if !job.state.is_final() {
                // The holder of the lease may have died: retry when the lease has expired.
                return Err(Failure::not_yet("another worker is finishing the job"));
            }
        }
        Ok(())
    }

    /// Writes the chunk's part, then counts it. A second delivery may overwrite the part: files and charges are both computed
    /// from the parts as they are when the job is finished.
    async fn process(
        &self,
        job: &Job<ScoreJob>,
        chunk: ScoreChunk,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Job<ScoreJob>, Failure> {
        let rows = job
            .work
            .rows_of(chunk.chunk)
            .ok_or("the job has no such chunk")?;
        let part: Part = match attempt {
            Attempt::Score => self.score(job, chunk.chunk, now).await?,
            Attempt::GiveUp => vec![RowResult::Failed; rows.len()],
        };
        if part.len() != rows.len() {
            return Err("the upload does not have the companies of the job".into());
        }
        let failed = part.iter().filter(|row| **row == RowResult::Failed).count() as u64;
        let key = objects::part(job.account, job.job, chunk.chunk);
        self.jobs
            .bucket
            .put(&key, "application/json", serde_json::to_vec(&part)?)
            .await?;
        let done = ChunkDone {
            chunk: chunk.chunk,
            units_done: part.len() as u64 - failed,
            units_failed: failed,
        };
        Ok(self
            .jobs
            .workspace
            .count_chunk(job.account, job.job, done, whole_second(now))
            .await?)
    }

    async fn score(
        &self,
        job: &Job<ScoreJob>,
        chunk: u64,
        now: Timestamp,
    ) -> Result<Part, Failure> {
        let scores = self
            .scores
            .as_ref()
            .ok_or("this worker cannot score: it has no INTEL_TABLE")?;
        let key = objects::upload(job.account, job.job);
        let bytes = job
            .work
            .bytes_of(chunk)
            .ok_or("the job has no such chunk")?;
        let line = self.jobs.bucket.get_range(&key, bytes).await?;
        let domains = stored::read_chunk(&line.body)?;
        let results = scores.of_many(job.account, &domains, now).await?;
        Ok(results.into_iter().map(RowResult::from).collect())
    }
}
