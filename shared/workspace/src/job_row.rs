use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use store::StoreError;
use types::{AccountId, Credits, JobId, Product, Timestamp};

/// Where a bulk job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Accepted and paid for; no chunk is done.
    Queued,
    /// At least one chunk is done.
    Running,
    /// Every valid row has its answer, or could not be processed; at least one has its answer.
    Done,
    /// No row could be processed; everything was refunded.
    Failed,
    /// Ended by its owner; finished rows are kept and the rest was refunded.
    Cancelled,
}

impl JobState {
    /// Whether nothing will change any more.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Running => false,
            Self::Done | Self::Failed | Self::Cancelled => true,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A bulk job as stored. Times are seconds since 1970 where an expression compares them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Its owner.
    pub account: AccountId,
    /// Its id.
    pub job: JobId,
    /// The product whose meter pays.
    pub product: Product,
    /// Where it stands.
    pub state: JobState,
    /// Rows of the uploaded file.
    pub rows_total: u64,
    /// Rows that name a company for the first time; each costs at most the price of one.
    pub rows_valid: u64,
    /// Rows that name no company.
    pub rows_invalid: u64,
    /// Rows that name a company again.
    pub rows_duplicate: u64,
    /// Valid rows a chunk; the last may have fewer. Kept, so that a deployment with another size does not cut again.
    pub chunk_rows: u64,
    /// Into how many chunks the valid rows are cut.
    pub chunks: u64,
    /// The byte of the upload's object at which each chunk's line ends. The first begins it, the others follow.
    #[serde(default)]
    pub chunk_ends: Vec<u64>,
    /// The chunks that are counted, by number.
    #[serde(
        default,
        skip_serializing_if = "BTreeSet::is_empty",
        with = "serde_dynamo::number_set"
    )]
    pub chunks_done: BTreeSet<u64>,
    /// Valid rows that have an answer.
    #[serde(default)]
    pub rows_done: u64,
    /// Valid rows that could not be processed.
    #[serde(default)]
    pub rows_failed: u64,
    /// Credits set aside, in tenths.
    pub reserved: i64,
    /// Credits kept, in tenths; known when the job has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<i64>,
    /// Whoever finishes holds this lease until it runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<String>,
    /// When the lease runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<i64>,
    /// The result object, once the job has ended with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_key: Option<String>,
    /// The errors object, once the job has ended with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors_key: Option<String>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When its first chunk was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When its owner asked to end it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_requested_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// When the row is no longer kept, in seconds since 1970. A job that has not ended is kept: it holds credits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
}

impl JobRow {
    /// The job in a stream record's image.
    pub fn from_image(image: serde_dynamo::Item) -> Result<Self, StoreError> {
        serde_dynamo::from_item(image).map_err(|error| StoreError::malformed("job", error))
    }

    /// Whether the job is still shown at `now`: DynamoDB may delete it days after its time.
    pub fn is_kept(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires > now.as_second())
    }

    /// The valid rows of a chunk, as positions among them; none if the job has no such chunk.
    pub fn rows_of(&self, chunk: u64) -> Option<Range<usize>> {
        let first = chunk.checked_mul(self.chunk_rows)?;
        let end = first.saturating_add(self.chunk_rows).min(self.rows_valid);
        let range = usize::try_from(first).ok()?..usize::try_from(end).ok()?;
        (!range.is_empty()).then_some(range)
    }

    /// The bytes of the upload's object that hold a chunk's line; none if the job has no such chunk.
    pub fn bytes_of(&self, chunk: u64) -> Option<Range<u64>> {
        let chunk = usize::try_from(chunk).ok()?;
        let end = *self.chunk_ends.get(chunk)?;
        let start = match chunk.checked_sub(1) {
            None => 0,
            Some(before) => *self.chunk_ends.get(before)?,
        };
        Some(start..end)
    }

    /// Whether a chunk is still to be processed.
    pub fn wants(&self, chunk: u64) -> bool {
        !self.state.is_final()
            && self.cancel_requested_at.is_none()
            && !self.chunks_done.contains(&chunk)
    }

    /// Whether every chunk is counted.
    pub fn all_chunks_done(&self) -> bool {
        self.chunks_done.len() as u64 >= self.chunks
    }

    /// Whether all that is left to do is to write the result: no further chunk can be counted.
    pub fn is_ready_to_finish(&self) -> bool {
        !self.state.is_final() && (self.all_chunks_done() || self.cancel_requested_at.is_some())
    }

    /// Credits set aside when the job was submitted.
    pub const fn reserved(&self) -> Credits {
        Credits::from_tenths(self.reserved)
    }
}
