use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use intent::Signal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::item::{PrimaryKey, item, number, row, text};
use store::keys::{IntelKey, SIGNALS};
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::own_signals::without_room;
use crate::{HISTORY_DAYS, Intel};

/// How long a signal counts, in days: past any half-life.
const COUNTS_DAYS: i64 = 730;
/// Writes that a transaction takes. One of them raises the revision, and a signal that replaces another takes two.
const WRITES_A_TRANSACTION: usize = 100;
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
    /// It was not written, as its owner has [`MAX_OWN_SIGNALS`](crate::MAX_OWN_SIGNALS) of the company.
    NoRoom,
}

impl Outcome {
    /// The name in responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::NoRoom => "failed",
        }
    }

    /// Whether a signal is written.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Stored | Self::Updated)
    }
}

/// A signal as it is stored, or as it was before it was replaced. Times are in seconds since 1970.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignalRow {
    #[serde(flatten)]
    pub(crate) signal: Signal,
    /// A hash of the content, to tell an update from a repetition.
    digest: String,
    /// When it was written. Absent on rows from before this was noted, which are taken for known ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded_at: Option<i64>,
    /// Until when it counts. Absent on the same rows, which were deleted when they no longer counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

    pub(crate) fn recorded_at(&self) -> i64 {
        self.recorded_at.unwrap_or(i64::MIN)
    }

    pub(crate) fn counts_at(&self, now: Timestamp) -> bool {
        self.ends() > now.as_second()
    }

    fn ends(&self) -> i64 {
        self.ends.unwrap_or(self.expires)
    }

    /// What becomes of a signal with this digest that is written over this row.
    pub(crate) fn outcome(stored: Option<&Self>, digest: &str, now: Timestamp) -> Outcome {
        match stored {
            None => Outcome::Stored,
            // The row is still there, and no longer counts.
            Some(row) if !row.counts_at(now) => Outcome::Stored,
            Some(row) if row.digest == digest => Outcome::Unchanged,
            Some(_) => Outcome::Updated,
        }
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
        let mut rest = wanted.as_slice();
        while !rest.is_empty() {
            let batch: Vec<(&str, usize, &Signal)> = rest
                .iter()
                .take(WRITES_A_TRANSACTION)
                .filter_map(|(id, index)| Some((id.as_str(), *index, signals.get(*index)?)))
                .collect();
            let done = self.add_batch(domain, owner, &batch, now).await?;
            rest = rest.get(done.len().max(1)..).unwrap_or_default();
            for (index, outcome) in done {
                if let Some(slot) = outcomes.get_mut(index) {
                    *slot = outcome;
                }
            }
        }
        Ok(outcomes)
    }

    /// As many of the first signals of a batch as one transaction takes, with what became of them.
    async fn add_batch(
        &self,
        domain: &Domain,
        owner: Owner,
        batch: &[(&str, usize, &Signal)],
        now: Timestamp,
    ) -> Result<Vec<(usize, Outcome)>, StoreError> {
        for _ in 0..ATTEMPTS {
            let keys: Vec<PrimaryKey> = batch
                .iter()
                .map(|(id, _, _)| IntelKey::Signal(domain, owner, id).into())
                .collect();
            let mut known = self.0.batch_get(&keys).await?;
            let mut writes = Vec::new();
            let mut additions = 0;
            let mut outcomes = Vec::with_capacity(batch.len());
            for (id, index, signal) in batch {
                if writes.len() + 3 > WRITES_A_TRANSACTION {
                    break;
                }
                let key: PrimaryKey = IntelKey::Signal(domain, owner, id).into();
                let stored = known.remove(&key);
                let stored: Option<SignalRow> =
                    stored.map(|item| row("signal", item)).transpose()?;
                let digest = digest(signal)?;
                let outcome = SignalRow::outcome(stored.as_ref(), &digest, now);
                outcomes.push((*index, outcome));
                if outcome == Outcome::Unchanged {
                    continue;
                }
                // The clocks of two writers may differ; the versions of a signal follow each other all the same.
                let at = now.as_second();
                let at = stored.as_ref().map_or(at, |row| at.max(row.recorded_at()));
                let new = SignalRow::new(signal, digest, at);
                writes.push(self.put(key, &new, stored.as_ref())?);
                additions += u64::from(stored.is_none());
                if let Some(row) = stored {
                    let key = IntelKey::Past(domain, owner, id, row.recorded_at());
                    writes.push(self.keep_version(key.into(), &row.replaced(at))?);
                }
            }
            if writes.is_empty() {
                return Ok(outcomes);
            }
            writes.push(self.raise_revision(domain, owner, additions)?);
            match self.0.transact(writes).await {
                Ok(()) => return Ok(outcomes),
                Err(StoreError::Conflict) if !self.has_room(domain, owner, additions).await? => {
                    return Ok(without_room(outcomes));
                }
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Throttled(
            "the same signals are being written by many".into(),
        ))
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

    /// Without a condition: that of the signal itself holds for both. Of two versions of one second the later was the one
    /// that counted.
    fn keep_version(
        &self,
        key: PrimaryKey,
        version: &SignalRow,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(self.0.name())
            .set_item(Some(item("signal", key, version)?));
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }
}

/// What makes a signal the same signal: the hash of its source and external id.
pub(crate) fn identity(signal: &Signal) -> String {
    short_hash(
        Sha256::new()
            .chain_update(&signal.source)
            .chain_update([0])
            .chain_update(&signal.external_id),
    )
}

pub(crate) fn digest(signal: &Signal) -> Result<String, StoreError> {
    let content =
        serde_json::to_vec(signal).map_err(|error| StoreError::malformed("signal", error))?;
    Ok(short_hash(Sha256::new().chain_update(content)))
}

/// 128 bits of a hash, in hex.
fn short_hash(hash: Sha256) -> String {
    hex::encode(hash.finalize()).chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_row_from_before_versions_is_known_ever_since() {
        let json = r#"{"kind":"hiring","strength":0.5,"observed_at":"2026-11-15T12:00:00Z","source":"test",
            "external_id":"1","evidence":"","url":null,"digest":"5f","expires":1000}"#;
        let row: SignalRow = serde_json::from_str(json).unwrap();
        assert_eq!(row.recorded_at(), i64::MIN);
        assert!(row.counts_at(at(999)) && !row.counts_at(at(1000)));
        let past = row.replaced(900);
        assert!(past.counts_at(at(999)) && !past.counts_at(at(1000)));
        assert_eq!(past.expires, 900 + HISTORY_DAYS * 86_400);
        assert!(
            !serde_json::to_string(&past)
                .unwrap()
                .contains("recorded_at")
        );
    }
}
