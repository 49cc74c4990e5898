use std::fmt::Write as _;

use accounts::{ATTEMPTS, Entry, EntryKind, Meter, Return, changing};
use aws_sdk_dynamodb::types::TransactWriteItem;
use store::StoreError;
use store::item::{Item, number, text};
use store::keys::WorkspaceKey;
use store::table::part;
use types::{AccountId, Credits, JobId, Timestamp};

use crate::jobs::after;
use crate::{Event, EventPayload, Job, JobState, JobWork, Workspace};

/// How a job ended.
#[derive(Clone, Debug)]
pub struct Finish<O> {
    /// The final state.
    pub state: JobState,
    /// Units that have a result.
    pub units_done: u64,
    /// Units that could not be processed.
    pub units_failed: u64,
    /// What is kept of the credits that were set aside; the rest goes back.
    pub charged: Credits,
    /// What the kind of job adds, such as the keys of its files.
    pub outcome: O,
    /// When the row is no longer kept.
    pub expires: Timestamp,
}

impl Workspace {
    /// Takes the right to finish a job until `until`, under a `lease` that nobody else has: a repetition after a lost response
    /// finds its own. [`StoreError::Conflict`] if another holds it, or the job ended.
    pub async fn lease_job<W: JobWork>(
        &self,
        account: AccountId,
        job: JobId,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Job<W>, StoreError> {
        let request = self
            .change_open(
                W::KIND,
                (account, job),
                "(attribute_not_exists(lease) OR lease_until <= :now OR lease = :lease)",
            )
            .update_expression("SET lease = :lease, lease_until = :until")
            .expression_attribute_values(":lease", text(lease))
            .expression_attribute_values(":until", number(until.as_second()))
            .expression_attribute_values(":now", number(now.as_second()));
        after(request.send().await)
    }

    /// Ends a job under the lease it carries: final state, job slot, settled and returned credits, and the event, all or nothing. What is
    /// not charged goes back to the grants that it came from, or ends with those that have ended.
    /// [`StoreError::Conflict`] if the lease went to another meanwhile, whose result is then final.
    pub async fn finish_job<W: JobWork>(
        &self,
        job: &Job<W>,
        finish: &Finish<W::Outcome>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut meter = self.meter_of(job).await?;
        for _ in 0..ATTEMPTS {
            let writes = self.finish_parts(job, finish, &meter, now)?;
            match self.table.transact(writes).await {
                Err(StoreError::Conflict) => {}
                finished => return finished,
            }
            let seen = meter.grants_rev;
            meter = self.meter_of(job).await?;
            if meter.grants_rev == seen {
                return Err(StoreError::Conflict);
            }
        }
        Err(changing())
    }

    fn finish_parts<W: JobWork>(
        &self,
        job: &Job<W>,
        finish: &Finish<W::Outcome>,
        meter: &Meter,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let ended = Return {
            parts: &job.reserved_of,
            reserved: job.reserved(),
            kept: finish.charged,
        };
        let of = (job.account, job.product);
        let mut writes = self.accounts.return_reservation(of, meter, &ended, now)?;
        writes.push(self.end_job(job, finish, now)?);
        let completed = EventPayload::BulkCompleted {
            job_id: job.job,
            status: finish.state,
            done: finish.units_done,
            failed: finish.units_failed,
            charged_tenths: finish.charged.tenths(),
        };
        let completed = Event::new(job.product, now, completed).stored(job.account)?;
        writes.push(self.table.creation(completed)?);
        let entry = |operation: &str, kind, tenths, note| Entry {
            reference: format!("{}-{operation}", job.job.suffix()),
            kind,
            tenths,
            at: now,
            note,
        };
        let kept = format!(
            "{} {}: {} of {} kept",
            W::TITLE,
            job.job,
            finish.charged,
            job.reserved()
        );
        let settle = entry("settle", EntryKind::Settle, 0, kept);
        writes.push(self.accounts.append(job.account, job.product, &settle)?);
        let back = job.reserved() - finish.charged;
        if back != Credits::ZERO {
            let void = entry(
                "void",
                EntryKind::Void,
                back.tenths(),
                format!("{} {}: returned", W::TITLE, job.job),
            );
            writes.push(self.accounts.append(job.account, job.product, &void)?);
        }
        Ok(writes)
    }

    fn end_job<W: JobWork>(
        &self,
        job: &Job<W>,
        finish: &Finish<W::Outcome>,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut set =
            "SET #state = :state, units_done = :done, units_failed = :failed, charged = :charged, \
                       completed_at = :now, expires = :expires"
                .to_owned();
        let mut update = self
            .table
            .change(WorkspaceKey::Job(job.account, W::KIND, job.job))
            .condition_expression("lease = :lease AND #state IN (:queued, :running)")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":queued", text(JobState::Queued.as_str()))
            .expression_attribute_values(":running", text(JobState::Running.as_str()))
            .expression_attribute_values(":lease", text(job.lease.clone().unwrap_or_default()))
            .expression_attribute_values(":state", text(finish.state.as_str()))
            .expression_attribute_values(":done", number(finish.units_done))
            .expression_attribute_values(":failed", number(finish.units_failed))
            .expression_attribute_values(":charged", number(finish.charged.tenths()))
            .expression_attribute_values(":expires", number(finish.expires.as_second()))
            .expression_attribute_values(":now", text(now.to_string()));
        let outcome: Item = serde_dynamo::to_item(&finish.outcome)
            .map_err(|error| StoreError::malformed("job", error))?;
        for (index, (attribute, value)) in outcome.into_iter().enumerate() {
            let _ = write!(set, ", #o{index} = :o{index}");
            update = update
                .expression_attribute_names(format!("#o{index}"), attribute)
                .expression_attribute_values(format!(":o{index}"), value);
        }
        set.push_str(" REMOVE lease, lease_until");
        part(update.update_expression(set))
    }
}
