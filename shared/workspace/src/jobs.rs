use accounts::{ATTEMPTS, Entry, EntryKind, Meter, Reservation, changing};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use store::StoreError;
use store::item::{item, number, row, text};
use store::keys::{JobKind, WorkspaceKey};
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
    /// Stores a job, sets its credits aside and takes one of the account's job slots: all or nothing. `meter` is what the
    /// caller has seen of the account's, to begin with.
    ///
    /// The job gets its credits from the grants that end first; its row says which, and the end of the job returns what is
    /// not charged to them.
    pub async fn submit_job<W: JobWork>(
        &self,
        new: NewJob<W>,
        meter: &Meter,
    ) -> Result<Submitted, StoreError> {
        let NewJob {
            mut row,
            max_active,
        } = new;
        let (of, now) = ((row.account, row.product), row.created_at);
        let needed = (row.reserved(), max_active);
        let mut meter = meter.clone();
        for _ in 0..ATTEMPTS {
            // What has expired is removed first; then there may still be enough.
            if meter.grants_due(now) {
                self.accounts
                    .holdings(row.account, row.product, now)
                    .await?;
                meter = self.meter_of(&row).await?;
            }
            if meter.is_suspended()
                || meter.jobs_active >= max_active
                || meter.credits < row.reserved()
            {
                return Ok(Submitted::No(Box::new(meter)));
            }
            let reservation = self.accounts.reservation(of, &meter, needed, now).await?;
            let Some(Reservation { parts, writes }) = reservation else {
                return Ok(Submitted::No(Box::new(meter)));
            };
            row.reserved_of = parts;
            match self.store_job(&row, writes).await {
                Err(StoreError::Conflict) => {}
                stored => return stored.map(|()| Submitted::Yes),
            }
            let seen = meter.grants_rev;
            meter = self.meter_of(&row).await?;
            if meter.grants_rev == seen {
                // Not the grants: the job is stored already, or the balance or the slots were others for a moment.
                return Ok(Submitted::No(Box::new(meter)));
            }
        }
        Err(changing())
    }

    async fn store_job<W: JobWork>(
        &self,
        row: &Job<W>,
        mut writes: Vec<TransactWriteItem>,
    ) -> Result<(), StoreError> {
        let reserve = Entry {
            reference: format!("{}-reserve", row.job.suffix()),
            kind: EntryKind::Reserve,
            tenths: -row.reserved,
            at: row.created_at,
            note: format!("{} {}", W::TITLE, row.job),
        };
        let key = WorkspaceKey::Job(row.account, W::KIND, row.job).into();
        writes.push(self.table.creation(item("job", key, row)?)?);
        writes.push(self.accounts.append(row.account, row.product, &reserve)?);
        self.table.transact(writes).await
    }

    pub(crate) async fn meter_of<W>(&self, job: &Job<W>) -> Result<Meter, StoreError> {
        let meter = self.accounts.own_meter(job.account, job.product).await?;
        meter.ok_or(StoreError::Conflict)
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
