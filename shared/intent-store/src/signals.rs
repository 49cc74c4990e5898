use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use intent::Signal;
use store::item::{PrimaryKey, item, number, row, text};
use store::keys::{IntelKey, SIGNALS};
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::brief::Brief;
use crate::form::{Additions, Form};
use crate::pages::PageWrites;
use crate::signal_row::{SignalRow, digest, identity};
use crate::{Intel, Outcome};

/// Writes that a transaction takes. One of them raises the revision.
const WRITES_A_TRANSACTION: usize = 100;
/// How often a write starts over when somebody else wrote the same signals meanwhile.
const ATTEMPTS: usize = 4;

/// Signals to be written, with their ids and their places in the result.
type Batch<'a> = [(&'a str, usize, &'a Signal)];

/// What a transaction is to write, and what becomes of the signals in it.
#[derive(Default)]
struct Plan {
    outcomes: Vec<(usize, Outcome)>,
    writes: Vec<TransactWriteItem>,
    briefs: PageWrites,
    new: Additions,
}

impl Plan {
    /// Whether another signal fits in, whatever it needs: itself and its version of the past, a brief of each, and the revision.
    fn has_room(&self, form: Form) -> bool {
        let of_one = if form.is_packed { 4 } else { 2 };
        self.writes.len() + self.briefs.pages() + of_one < WRITES_A_TRANSACTION
    }
}

impl Intel {
    /// Everything that `owner` knows of a company, in no order. Strongly consistent: a score that is kept under a
    /// revision has every signal of that revision in it.
    pub async fn signals(
        &self,
        domain: &Domain,
        owner: Owner,
        now: Timestamp,
    ) -> Result<Vec<Signal>, StoreError> {
        let items = self
            .0
            .query(&IntelKey::partition(domain, owner), SIGNALS)
            .await?;
        let rows: Result<Vec<SignalRow>, StoreError> =
            items.into_iter().map(|item| row("signal", item)).collect();
        Ok(rows?
            .into_iter()
            .filter(|row| row.counts_at(now))
            .map(|row| row.signal)
            .collect())
    }

    /// Stores signals of one company, once each by source and external id, and outdates its score in the same
    /// transaction. Returns outcomes in the order of `signals`; of two with one identity, the later one is kept.
    /// What is known already is not written: a repetition costs reads only. What is replaced stays as a version of the past.
    pub async fn add_signals(
        &self,
        domain: &Domain,
        owner: Owner,
        signals: &[Signal],
        now: Timestamp,
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = vec![Outcome::Unchanged; signals.len()];
        let mut last: HashMap<String, usize> = HashMap::new();
        for (index, signal) in signals.iter().enumerate() {
            last.insert(identity(signal), index);
        }
        let mut wanted: Vec<(String, usize)> = last.into_iter().collect();
        wanted.sort_unstable_by_key(|(_, index)| *index);
        let mut form = self.remembered(domain, owner);
        let mut rest = wanted.as_slice();
        while !rest.is_empty() {
            let most = WRITES_A_TRANSACTION / if form.is_packed { 2 } else { 1 };
            let batch: Vec<(&str, usize, &Signal)> = rest
                .iter()
                .take(most)
                .filter_map(|(id, index)| Some((id.as_str(), *index, signals.get(*index)?)))
                .collect();
            let done = self
                .add_batch(domain, owner, &batch, &mut form, now)
                .await?;
            rest = rest.get(done.len().max(1)..).unwrap_or_default();
            for (index, outcome) in done {
                if let Some(slot) = outcomes.get_mut(index) {
                    *slot = outcome;
                }
            }
        }
        if form.is_packed {
            self.remember(domain, owner);
        }
        Ok(outcomes)
    }

    /// As many of the first signals of a batch as one transaction takes, with what became of them.
    async fn add_batch(
        &self,
        domain: &Domain,
        owner: Owner,
        batch: &Batch<'_>,
        form: &mut Form,
        now: Timestamp,
    ) -> Result<Vec<(usize, Outcome)>, StoreError> {
        let mut attempts = 0;
        while attempts < ATTEMPTS {
            let Plan {
                outcomes,
                mut writes,
                briefs,
                new,
            } = self.plan(domain, owner, batch, *form, now).await?;
            if writes.is_empty() {
                return Ok(outcomes);
            }
            writes.extend(briefs.replacing(self, domain, owner)?);
            writes.push(self.raise_revision(domain, owner, new, *form)?);
            match self.0.transact(writes).await {
                Ok(()) => return Ok(outcomes),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
            let row = self.row_now(domain, owner).await?;
            let Some(demanded) = Form::of(&row, new) else {
                return Ok(without_room(outcomes));
            };
            let before = *form;
            *form = before.and(demanded);
            if form.is_packed && !row.is_packed() {
                self.pack(domain, owner).await?;
            }
            // To learn the form is no lost race: it happens twice at the most.
            attempts += usize::from(*form == before);
        }
        Err(StoreError::Throttled(
            "the same signals are being written by many".into(),
        ))
    }

    /// What is to be written of a batch, from what is stored now.
    async fn plan(
        &self,
        domain: &Domain,
        owner: Owner,
        batch: &Batch<'_>,
        form: Form,
        now: Timestamp,
    ) -> Result<Plan, StoreError> {
        let keys = batch.iter();
        let keys = keys.map(|(id, _, _)| IntelKey::Signal(domain, owner, id).into());
        let keys: Vec<PrimaryKey> = keys.collect();
        let mut known = self.0.batch_get(&keys).await?;
        let mut plan = Plan::default();
        for ((id, index, signal), key) in batch.iter().zip(keys) {
            if !plan.has_room(form) {
                break;
            }
            let stored = known.remove(&key);
            let stored: Option<SignalRow> = stored.map(|item| row("signal", item)).transpose()?;
            let digest = digest(signal)?;
            let outcome = SignalRow::outcome(stored.as_ref(), &digest, now);
            plan.outcomes.push((*index, outcome));
            if outcome == Outcome::Unchanged {
                continue;
            }
            // The clocks of two writers may differ; the versions of a signal follow each other all the same.
            let at = now.as_second();
            let at = stored.as_ref().map_or(at, |row| at.max(row.recorded_at()));
            plan.new.latest = plan.new.latest.max(at);
            let new = SignalRow::new(signal, digest, at);
            plan.writes.push(self.put(key, &new, stored.as_ref())?);
            if let Some(brief) = Brief::of(id, &new).filter(|_| form.is_packed) {
                plan.briefs.present(&brief);
            }
            let Some(stored) = stored else {
                plan.new.signals += 1;
                continue;
            };
            plan.new.versions += 1;
            if form.drops_versions {
                continue;
            }
            if let Some(brief) = Brief::of(id, &stored).filter(|_| form.is_packed) {
                plan.briefs.past(&brief);
            }
            let key = IntelKey::Past(domain, owner, id, stored.recorded_at());
            let version = stored.replaced(at);
            // Without a condition: that of the signal itself holds for both. Of two versions of one second the later was the
            // one that counted.
            let version = item("signal", key.into(), &version)?;
            plan.writes.push(self.0.replacement(version)?);
        }
        Ok(plan)
    }

    /// Puts a signal under the condition that it is as it was seen.
    fn put(
        &self,
        key: PrimaryKey,
        signal: &SignalRow,
        seen: Option<&SignalRow>,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(self.0.name())
            .set_item(Some(item("signal", key, signal)?));
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => {
                let put = put.expression_attribute_values(":seen", text(&seen.digest));
                // By its time as well: the same content may have come again after another.
                match seen.recorded_at {
                    None => put.condition_expression(
                        "digest = :seen AND attribute_not_exists(recorded_at)",
                    ),
                    Some(at) => put
                        .condition_expression("digest = :seen AND recorded_at = :at")
                        .expression_attribute_values(":at", number(at)),
                }
            }
        };
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }
}

/// The outcomes of a batch that has no room: nothing of it is written.
fn without_room(outcomes: Vec<(usize, Outcome)>) -> Vec<(usize, Outcome)> {
    let outcomes = outcomes.into_iter();
    let refused = outcomes.map(|(index, outcome)| match outcome {
        Outcome::Unchanged => (index, Outcome::Unchanged),
        _ => (index, Outcome::NoRoom),
    });
    refused.collect()
}
