use accounts::{Entry, EntryKind, Meter, NOTHING_ENDED};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use store::StoreError;
use store::item::{item, number, row, text};
use store::keys::{AccountsKey, JobKind, WorkspaceKey};
use store::table::part;
use types::{AccountId, JobId, Timestamp};

use crate::{Job, JobState, JobWork, Workspace};

/// Jobs that are read at once to find the unfinished.
const PAGE: usize = 100;

/// A job to submit.
#[derive(Clone, Debug)]
pub struct NewJob<W> {
    /// The row to write, in state `queued`.
    pub row: Job<W>,
    /// How many unfinished jobs the account may have, this one among them.
    pub max_active: u64,
}

/// What became of a submission.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// The job is stored and its credits are set aside.
    Yes,
    /// Too many jobs are unfinished, the credits do not reach, or the account is suspended; nothing was stored. The meter says which.
    No(Box<Meter>),
}

/// A chunk that has its part object and wants to be counted.
#[derive(Clone, Copy, Debug)]
pub struct ChunkDone {
    /// Its number, from zero.
    pub chunk: u64,
    /// Its units that have a result.
    pub units_done: u64,
    /// Its units that could not be processed.
    pub units_failed: u64,
}

impl Workspace {
    /// Stores a job, sets its credits aside and takes one of the account's job slots: all or nothing.
    pub async fn submit_job<W: JobWork>(&self, new: &NewJob<W>) -> Result<Submitted, StoreError> {
        let Job {
            account,
            product,
            created_at: now,
            ..
        } = new.row;
        let first = self.try_submit(new).await?;
        match &first {
            // What has expired is removed first; then there may still be enough.
            Submitted::No(meter) if meter.grants_due(now) => {
                self.accounts.holdings(account, product, now).await?;
                self.try_submit(new).await
            }
            _ => Ok(first),
        }
    }

    async fn try_submit<W: JobWork>(&self, new: &NewJob<W>) -> Result<Submitted, StoreError> {
        let NewJob {
            row: job,
            max_active,
        } = new;
        let reserve = Entry {
            reference: format!("{}-reserve", job.job.suffix()),
            kind: EntryKind::Reserve,
            tenths: -job.reserved,
            at: job.created_at,
            note: format!("{} {}", W::TITLE, job.job),
        };
        let take = self
            .accounts
            .table()
            .change(AccountsKey::Meter(job.account, job.product))
            .update_expression("ADD jobs_active :one, credits :minus")
            .condition_expression(format!(
                "attribute_not_exists(suspended) AND jobs_active < :max AND credits >= :price AND {NOTHING_ENDED}"
            ))
            .expression_attribute_values(":now", number(job.created_at.as_second()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":minus", number(-job.reserved))
            .expression_attribute_values(":price", number(job.reserved))
            .expression_attribute_values(":max", number(max_active));
        let key = WorkspaceKey::Job(job.account, W::KIND, job.job).into();
        let writes = vec![
            part(take)?,
            self.table.creation(item("job", key, job)?)?,
            self.accounts.append(job.account, job.product, &reserve)?,
        ];
        match self.table.transact(writes).await {
            Ok(()) => Ok(Submitted::Yes),
            Err(StoreError::Conflict) => {
                let meter = self.accounts.own_meter(job.account, job.product).await?;
                meter
                    .map(|meter| Submitted::No(Box::new(meter)))
                    .ok_or(StoreError::Conflict)
            }
            Err(error) => Err(error),
        }
    }

    /// A job of this account, as it is now.
    pub async fn job<W: JobWork>(
        &self,
        account: AccountId,
        job: JobId,
    ) -> Result<Option<Job<W>>, StoreError> {
        let key = WorkspaceKey::Job(account, W::KIND, job).into();
        let found = self.table.get(key, true).await?;
        found.map(|item| row("job", item)).transpose()
    }

    /// A page of at most `limit` jobs of one kind of this account, the newest first, from before a job on; and the job before
    /// which the next page begins, if there may be one.
    pub async fn jobs<W: JobWork>(
        &self,
        account: AccountId,
        before: Option<JobId>,
        limit: usize,
    ) -> Result<(Vec<Job<W>>, Option<JobId>), StoreError> {
        let before = before.map(|job| WorkspaceKey::Job(account, W::KIND, job).into());
        let prefix = WorkspaceKey::jobs(account, W::KIND);
        let (items, has_more) = self.table.page_back(&prefix, before, limit).await?;
        let jobs: Vec<Job<W>> = items
            .into_iter()
            .map(|item| row("job", item))
            .collect::<Result<_, _>>()?;
        let next = jobs.last().map(|job| job.job).filter(|_| has_more);
        Ok((jobs, next))
    }

    /// Counts a chunk, unless it was counted before or the job takes no more. Returns the job as it is now in either
    /// case, so that the last caller, or a repeated one, can go on from there. [`StoreError::Conflict`] if there is no job.
    pub async fn count_chunk<W: JobWork>(
        &self,
        account: AccountId,
        job: JobId,
        done: ChunkDone,
        now: Timestamp,
    ) -> Result<Job<W>, StoreError> {
        let request = self
            .change_open(
                W::KIND,
                (account, job),
                "NOT contains(chunks_done, :chunk) AND attribute_not_exists(cancel_requested_at)",
            )
            .update_expression(
                "SET #state = :running, started_at = if_not_exists(started_at, :now) \
                 ADD chunks_done :chunks, units_done :done, units_failed :failed",
            )
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":chunk", number(done.chunk))
            .expression_attribute_values(
                ":chunks",
                AttributeValue::Ns(vec![done.chunk.to_string()]),
            )
            .expression_attribute_values(":done", number(done.units_done))
            .expression_attribute_values(":failed", number(done.units_failed))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        after(request.send().await)
    }

    /// Asks a job to end: from the return on, no chunk is counted any more. [`StoreError::Conflict`] if there is no
    /// such job; a job that has ended is returned as it is.
    pub async fn cancel_job<W: JobWork>(
        &self,
        account: AccountId,
        job: JobId,
        now: Timestamp,
    ) -> Result<Job<W>, StoreError> {
        let request = self
            .change_open(
                W::KIND,
                (account, job),
                "attribute_not_exists(cancel_requested_at)",
            )
            .update_expression("SET cancel_requested_at = :now")
            .expression_attribute_values(":now", text(now.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        after(request.send().await)
    }

    /// Asks every unfinished job of an account and kind to end, as [`Workspace::cancel_job`] does. Returns which these are.
    /// A job that is submitted meanwhile may be missed.
    pub async fn cancel_jobs<W: JobWork>(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<JobId>, StoreError> {
        let mut cancelled = Vec::new();
        let mut before = None;
        loop {
            let (jobs, next) = self.jobs::<W>(account, before, PAGE).await?;
            for job in jobs.iter().filter(|job| !job.state.is_final()) {
                self.cancel_job::<W>(account, job.job, now).await?;
                cancelled.push(job.job);
            }
            if next.is_none() {
                return Ok(cancelled);
            }
            before = next;
        }
    }

    /// An update of a job that has not ended, on a further condition, that returns the job after it.
    pub(crate) fn change_open(
        &self,
        kind: JobKind,
        (account, job): (AccountId, JobId),
        condition: &str,
    ) -> UpdateItemFluentBuilder {
        self.table
            .update(WorkspaceKey::Job(account, kind, job))
            .condition_expression(format!("#state IN (:queued, :running) AND {condition}"))
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":queued", text(JobState::Queued.as_str()))
            .expression_attribute_values(":running", text(JobState::Running.as_str()))
            .return_values(ReturnValue::AllNew)
    }
}

/// The job after an update, or as it was if the update's condition did not hold.
pub(crate) fn after<W: JobWork>(
    updated: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<Job<W>, StoreError> {
    let item = match updated {
        Ok(updated) => updated.attributes,
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                refused.item().cloned()
            }
            _ => return Err(error.into()),
        },
    };
    row("job", item.ok_or(StoreError::Conflict)?)
}
