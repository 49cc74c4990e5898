use accounts::{Entry, EntryKind, Meter, NOTHING_ENDED};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use store::StoreError;
use types::{AccountId, JobId, Timestamp};

use crate::{JobRow, JobState, Workspace};
use store::keys::{AccountsKey, JOBS, WorkspaceKey};
use store::table::{PrimaryKey, item, number, part, row, text};

/// A job to submit.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The row to write, in state `queued`.
    pub row: JobRow,
    /// How many unfinished jobs the account may have, this one among them.
    pub max_active: u64,
}

/// What became of a submission.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// The job is stored and its credits are set aside.
    Yes,
    /// Too many jobs are unfinished or the credits do not reach; nothing was stored. The meter says which.
    No(Box<Meter>),
}

/// A chunk that has its part object and wants to be counted.
#[derive(Clone, Copy, Debug)]
pub struct ChunkDone {
    /// Its number, from zero.
    pub chunk: u64,
    /// Its rows that have an answer.
    pub rows_done: u64,
    /// Its rows that could not be processed.
    pub rows_failed: u64,
}

impl Workspace {
    /// Stores a job, sets its credits aside and takes one of the account's job slots: all or nothing.
    pub async fn submit_job(&self, new: &NewJob) -> Result<Submitted, StoreError> {
        let JobRow {
            account,
            product,
            created_at: now,
            ..
        } = new.row;
        let first = self.try_submit(new).await?;
        match &first {
            // What has ended goes first; then there may still be enough.
            Submitted::No(meter) if meter.grants_due(now) => {
                self.accounts.holdings(account, product, now).await?;
                self.try_submit(new).await
            }
            _ => Ok(first),
        }
    }

    async fn try_submit(&self, new: &NewJob) -> Result<Submitted, StoreError> {
        let NewJob {
            row: job,
            max_active,
        } = new;
        let reserve = Entry {
            reference: format!("{}-reserve", job.job.suffix()),
            kind: EntryKind::Reserve,
            tenths: -job.reserved,
            at: job.created_at,
            note: format!("bulk job {}", job.job),
        };
        let take = self
            .accounts
            .table()
            .change(AccountsKey::Meter(job.account, job.product))
            .update_expression("ADD jobs_active :one, credits :minus")
            .condition_expression(format!(
                "jobs_active < :max AND credits >= :price AND {NOTHING_ENDED}"
            ))
            .expression_attribute_values(":now", number(job.created_at.as_second()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":minus", number(-job.reserved))
            .expression_attribute_values(":price", number(job.reserved))
            .expression_attribute_values(":max", number(max_active));
        let key = WorkspaceKey::Job(job.account, job.job).into();
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
    pub async fn job(&self, account: AccountId, job: JobId) -> Result<Option<JobRow>, StoreError> {
        let found = self
            .table
            .get(WorkspaceKey::Job(account, job).into(), true)
            .await?;
        found.map(|item| row("job", item)).transpose()
    }

    /// A page of at most `limit` jobs of this account, the newest first, from before a job on; and the job before which
    /// the next page begins, if there may be one.
    pub async fn jobs(
        &self,
        account: AccountId,
        before: Option<JobId>,
        limit: usize,
    ) -> Result<(Vec<JobRow>, Option<JobId>), StoreError> {
        let before = before.map(|job| WorkspaceKey::Job(account, job).into());
        let prefix = PrimaryKey {
            pk: WorkspaceKey::partition(account),
            sk: JOBS.to_owned(),
        };
        let (items, has_more) = self.table.page_back(&prefix, before, limit).await?;
        let jobs: Vec<JobRow> = items
            .into_iter()
            .map(|item| row("job", item))
            .collect::<Result<_, _>>()?;
        let next = jobs.last().map(|job| job.job).filter(|_| has_more);
        Ok((jobs, next))
    }

    /// Counts a chunk, unless it was counted before or the job takes no more. Answers the job as it is now in either
    /// case, so that whoever comes last, or again, can go on from there. [`StoreError::Conflict`] if there is no job.
    pub async fn count_chunk(
        &self,
        account: AccountId,
        job: JobId,
        done: ChunkDone,
        now: Timestamp,
    ) -> Result<JobRow, StoreError> {
        let request = self
            .change_open(
                account,
                job,
                "NOT contains(chunks_done, :chunk) AND attribute_not_exists(cancel_requested_at)",
            )
            .update_expression(
                "SET #state = :running, started_at = if_not_exists(started_at, :now) \
                 ADD chunks_done :chunks, rows_done :done, rows_failed :failed",
            )
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":chunk", number(done.chunk))
            .expression_attribute_values(
                ":chunks",
                AttributeValue::Ns(vec![done.chunk.to_string()]),
            )
            .expression_attribute_values(":done", number(done.rows_done))
            .expression_attribute_values(":failed", number(done.rows_failed))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        after(request.send().await)
    }

    /// Asks a job to end: from the answer on, no chunk is counted any more. [`StoreError::Conflict`] if there is no
    /// such job; a job that has ended is answered as it is.
    pub async fn cancel_job(
        &self,
        account: AccountId,
        job: JobId,
        now: Timestamp,
    ) -> Result<JobRow, StoreError> {
        let request = self
            .change_open(account, job, "attribute_not_exists(cancel_requested_at)")
            .update_expression("SET cancel_requested_at = :now")
            .expression_attribute_values(":now", text(now.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        after(request.send().await)
    }

    /// An update of a job that has not ended, on a further condition, that answers the job after it.
    pub(crate) fn change_open(
        &self,
        account: AccountId,
        job: JobId,
        condition: &str,
    ) -> UpdateItemFluentBuilder {
        self.table
            .update(WorkspaceKey::Job(account, job))
            .condition_expression(format!("#state IN (:queued, :running) AND {condition}"))
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":queued", text(JobState::Queued.as_str()))
            .expression_attribute_values(":running", text(JobState::Running.as_str()))
            .return_values(ReturnValue::AllNew)
    }
}

/// The job after an update, or as it was if the update's condition did not hold.
pub(crate) fn after(
    answer: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<JobRow, StoreError> {
    let item = match answer {
        Ok(answer) => answer.attributes,
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                refused.item().cloned()
            }
            _ => return Err(error.into()),
        },
    };
    row("job", item.ok_or(StoreError::Conflict)?)
}
