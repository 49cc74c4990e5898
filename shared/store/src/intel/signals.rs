use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use intent::Signal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{Domain, Timestamp};

use super::{HISTORY_DAYS, Intel, Owner};
use crate::StoreError;
use crate::keys::{IntelKey, SIGNALS};
use crate::table::{PrimaryKey, item, number, part, row, text};

/// How long a signal counts, in days: past any half-life.
const COUNTS_DAYS: i64 = 730;
/// Signals a transaction: DynamoDB takes 100 writes, of which one raises the revision; a signal that replaces another
/// takes two.
const SIGNALS_A_TRANSACTION: usize = 49;
/// How often a write starts over when somebody else wrote the same signals meanwhile.
const ATTEMPTS: usize = 4;

/// What a write did with one signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was new.
    Stored,
    /// Its source and external id were known with other content, which it replaced.
    Updated,
    /// It was known as it is.
    Unchanged,
}

impl Outcome {
    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A signal as it is stored, or as it was before another content took its place. Times are in seconds since 1970.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SignalRow {
    #[serde(flatten)]
    pub(super) signal: Signal,
    /// A hash of the content, to tell an update from a repetition.
    digest: String,
    /// When it was written. Absent on rows from before this was noted, which are taken for known ever since.
    #[serde(default)]
    recorded_at: Option<i64>,
    /// Until when it counts. Absent on the same rows, which were deleted when they no longer counted.
    #[serde(default)]
    ends: Option<i64>,
    /// When DynamoDB may delete it: when no score that can still be rebuilt has it in it.
    expires: i64,
}

impl SignalRow {
    fn new(signal: &Signal, digest: String, recorded_at: i64) -> Self {
        let ends = recorded_at.max(signal.observed_at.as_second()) + COUNTS_DAYS * 86_400;
        Self {
            signal: signal.clone(),
            digest,
            recorded_at: Some(recorded_at),
            ends: Some(ends),
            expires: ends + HISTORY_DAYS * 86_400,
        }
    }

    /// The same as a version of the past, for as long as it may be asked for.
    fn replaced(self, at: i64) -> Self {
        Self {
            ends: Some(self.ends()),
            expires: at + HISTORY_DAYS * 86_400,
            ..self
        }
    }

    pub(super) fn recorded_at(&self) -> i64 {
        self.recorded_at.unwrap_or(i64::MIN)
    }

    pub(super) fn counts_at(&self, now: Timestamp) -> bool {
        self.ends() > now.as_second()
    }

    fn ends(&self) -> i64 {
        self.ends.unwrap_or(self.expires)
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
    /// transaction. Answers in the order of `signals`; of two with one identity, the later one stands.
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
        for batch in wanted.chunks(SIGNALS_A_TRANSACTION) {
            let batch: Vec<(&str, usize, &Signal)> = batch
                .iter()
                .filter_map(|(id, index)| Some((id.as_str(), *index, signals.get(*index)?)))
                .collect();
            for (index, outcome) in self.add_batch(domain, owner, &batch, now).await? {
                if let Some(slot) = outcomes.get_mut(index) {
                    *slot = outcome;
                }
            }
        }
        Ok(outcomes)
    }

    async fn add_batch(
        &self,
        domain: &Domain,
        owner: Owner,
        batch: &[(&str, usize, &Signal)],
        now: Timestamp,
    ) -> Result<Vec<(usize, Outcome)>, StoreError> {
        for _ in 0..ATTEMPTS {
            let keys = batch
                .iter()
                .map(|(id, _, _)| IntelKey::Signal(domain, owner, id).into())
                .collect();
            let mut known = self.0.batch_get(keys, true).await?;
            let mut writes = Vec::new();
            let mut outcomes = Vec::with_capacity(batch.len());
            for (id, index, signal) in batch {
                let key: PrimaryKey = IntelKey::Signal(domain, owner, id).into();
                let stored = known.remove(&key);
                let stored: Option<SignalRow> =
                    stored.map(|item| row("signal", item)).transpose()?;
                let digest = digest(signal)?;
                let outcome = match &stored {
                    None => Outcome::Stored,
                    // The row is still there, and no longer counts.
                    Some(row) if !row.counts_at(now) => Outcome::Stored,
                    Some(row) if row.digest == digest => Outcome::Unchanged,
                    Some(_) => Outcome::Updated,
                };
                outcomes.push((*index, outcome));
                if outcome == Outcome::Unchanged {
                    continue;
                }
                // The clocks of two writers may differ; the versions of a signal follow each other all the same.
                let at = now.as_second();
                let at = stored.as_ref().map_or(at, |row| at.max(row.recorded_at()));
                let seen = stored.as_ref().map(|row| row.digest.clone());
                writes.push(self.put(key, &SignalRow::new(signal, digest, at), seen)?);
                if let Some(row) = stored {
                    let key = IntelKey::Past(domain, owner, id, row.recorded_at());
                    writes.push(self.keep_version(key.into(), &row.replaced(at))?);
                }
            }
            if writes.is_empty() {
                return Ok(outcomes);
            }
            writes.push(self.raise_revision(domain, owner)?);
            match self.0.transact(writes).await {
                Ok(()) => return Ok(outcomes),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Throttled(
            "the same signals are being written by many".into(),
        ))
    }

    fn put(
        &self,
        key: PrimaryKey,
        signal: &SignalRow,
        seen: Option<String>,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.0.name)
            .set_item(Some(item("signal", key, signal)?));
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => put
                .condition_expression("digest = :seen")
                .expression_attribute_values(":seen", text(seen)),
        };
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// Without a condition: that of the signal itself holds for both. Of two versions of one second the later was the one
    /// that counted.
    fn keep_version(
        &self,
        key: PrimaryKey,
        version: &SignalRow,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.0.name)
            .set_item(Some(item("signal", key, version)?));
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    fn raise_revision(
        &self,
        domain: &Domain,
        owner: Owner,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .0
            .change(IntelKey::Score(domain, owner))
            .update_expression(
                "ADD revision :one REMOVE body, signals, valid_until, public_revision",
            )
            .expression_attribute_values(":one", number(1));
        part(update)
    }
}

/// What makes a signal the same signal: the hash of its source and external id.
fn identity(signal: &Signal) -> String {
    short_hash(
        Sha256::new()
            .chain_update(&signal.source)
            .chain_update([0])
            .chain_update(&signal.external_id),
    )
}

fn digest(signal: &Signal) -> Result<String, StoreError> {
    let content =
        serde_json::to_vec(signal).map_err(|error| StoreError::malformed("signal", error))?;
    Ok(short_hash(Sha256::new().chain_update(content)))
}

/// 128 bits of a hash, in hex.
fn short_hash(hash: Sha256) -> String {
    hex::encode(hash.finalize()).chars().take(32).collect()
}
