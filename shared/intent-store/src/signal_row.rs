use intent::Signal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::StoreError;
use types::Timestamp;

use crate::HISTORY_DAYS;

/// How long a signal counts, in days: past any half-life.
const COUNTS_DAYS: i64 = 730;

/// What a write did with one signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was new.
    Stored,
    /// Its source and external id were known with other content, which it replaced.
    Updated,
    /// It was known as it is.
    Unchanged,
    /// It was not written, as its owner has [`MAX_SIGNALS`](crate::MAX_SIGNALS) of the company.
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
    pub(crate) digest: String,
    /// When it was written. Absent on rows from before this was noted, which are taken for known ever since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recorded_at: Option<i64>,
    /// Until when it counts. Absent on the same rows, which were deleted when they no longer counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends: Option<i64>,
    /// When DynamoDB may delete it: when no score that can still be rebuilt has it in it.
    expires: i64,
}

impl SignalRow {
    pub(crate) fn new(signal: &Signal, digest: String, recorded_at: i64) -> Self {
        let ends = ends(recorded_at, signal.observed_at);
        Self {
            signal: signal.clone(),
            digest,
            recorded_at: Some(recorded_at),
            ends: Some(ends),
            expires: ends + HISTORY_DAYS * 86_400,
        }
    }

    /// The same as a version of the past, for as long as it may be asked for.
    pub(crate) fn replaced(self, at: i64) -> Self {
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

    pub(crate) fn ends(&self) -> i64 {
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

/// Until when a signal counts that was written at a second.
pub(crate) fn ends(recorded_at: i64, observed_at: Timestamp) -> i64 {
    recorded_at.max(observed_at.as_second()) + COUNTS_DAYS * 86_400
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
