use std::collections::HashMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use intent::Signal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{Domain, Timestamp};

use super::{Intel, Owner};
use crate::StoreError;
use crate::keys::{IntelKey, SIGNALS};
use crate::table::{Item, PrimaryKey, item, number, part, row, text};

/// How long a signal is kept, in days: past any half-life, and long enough to rebuild last year's scores.
const KEPT_DAYS: i64 = 730;
/// Signals a transaction: DynamoDB takes 100 writes, one of which raises the revision.
const SIGNALS_A_TRANSACTION: usize = 99;
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

#[derive(Serialize, Deserialize)]
struct SignalRow {
    #[serde(flatten)]
    signal: Signal,
    /// A hash of the content, to tell an update from a repetition.
    digest: String,
    /// When DynamoDB may delete it, in seconds since 1970.
    expires: i64,
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
            .filter(|row| row.expires > now.as_second())
            .map(|row| row.signal)
            .collect())
    }

    /// Stores signals of one company, once each by source and external id, and outdates its score in the same
    /// transaction. Answers in the order of `signals`; of two with one identity, the later one stands.
    /// What is known already is not written: a repetition costs reads only.
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
            let known = self.0.batch_get(keys, true).await?;
            let mut writes = Vec::new();
            let mut outcomes = Vec::with_capacity(batch.len());
            for (id, index, signal) in batch {
                let key: PrimaryKey = IntelKey::Signal(domain, owner, id).into();
                let stored = known.get(&key);
                let seen = stored.and_then(|item| item.get("digest")?.as_s().ok());
                let is_over = stored
                    .and_then(expiry)
                    .is_some_and(|at| at <= now.as_second());
                let digest = digest(signal)?;
                let outcome = match seen {
                    None => Outcome::Stored,
                    // The row is still there, and no longer read.
                    Some(_) if is_over => Outcome::Stored,
                    Some(seen) if *seen == digest => Outcome::Unchanged,
                    Some(_) => Outcome::Updated,
                };
                outcomes.push((*index, outcome));
                if outcome != Outcome::Unchanged {
                    writes.push(self.put(key, signal, digest, seen, now)?);
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
        signal: &Signal,
        digest: String,
        seen: Option<&String>,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let expires = now.as_second().max(signal.observed_at.as_second()) + KEPT_DAYS * 86_400;
        let stored: Item = item(
            "signal",
            key,
            &SignalRow {
                signal: signal.clone(),
                digest,
                expires,
            },
        )?;
        let put = Put::builder()
            .table_name(&self.0.name)
            .set_item(Some(stored));
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => put
                .condition_expression("digest = :seen")
                .expression_attribute_values(":seen", text(seen)),
        };
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

fn expiry(item: &Item) -> Option<i64> {
    item.get("expires")?.as_n().ok()?.parse().ok()
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
