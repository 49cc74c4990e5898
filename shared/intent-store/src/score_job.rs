use std::ops::Range;

use serde::{Deserialize, Serialize};
use store::keys::JobKind;
use types::Product;
use workspace::JobWork;

/// What a bulk score job does: the companies of an uploaded file, a score each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreJob {
    /// Rows of the uploaded file.
    pub rows_total: u64,
    /// Rows that name a company for the first time; each costs at most the price of one, and is a unit of the job.
    pub rows_valid: u64,
    /// Rows that name no company.
    pub rows_invalid: u64,
    /// Rows that name a company again.
    pub rows_duplicate: u64,
    /// Valid rows a chunk; the last may have fewer. Kept, so that a deployment with another size does not cut again.
    pub chunk_rows: u64,
    /// The byte of the upload's object at which each chunk's line ends. The first begins it, the others follow.
    #[serde(default)]
    pub chunk_ends: Vec<u64>,
    /// Its files, once the job is finished.
    #[serde(flatten)]
    pub files: ScoreFiles,
}

/// The files of a finished job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreFiles {
    /// The result object; none if the upload was no longer there to make it from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_key: Option<String>,
    /// The errors object, if any row has no score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors_key: Option<String>,
}

impl JobWork for ScoreJob {
    const KIND: JobKind = JobKind {
        product: Product::Intent,
        name: "score",
    };
    const TITLE: &'static str = "bulk job";
    type Outcome = ScoreFiles;
}

impl ScoreJob {
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
}
