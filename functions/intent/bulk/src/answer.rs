use api::Origin;
use intent_store::ScoreJob;
use schemars::JsonSchema;
use serde::Serialize;
use types::{Credits, JobId, Timestamp};
use workspace::{Job, JobState};

/// A job in a response.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "BulkJob")]
pub(crate) struct JobAnswer {
    /// Its id.
    job_id: JobId,
    /// Where it is in its life.
    status: JobState,
    /// Where to poll it.
    poll_url: String,
    /// Counts of the file's rows.
    rows: Rows,
    /// What it costs.
    credits: Charges,
    /// When it was submitted.
    created_at: Timestamp,
    /// When its first chunk began.
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    /// When it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_requested_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<Timestamp>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) links: Option<Links>,
    /// Until when it is kept, with its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    results_kept_until: Option<Timestamp>,
}

/// Presigned URLs of the files of a job that has ended. They need no API key, so they expire soon; each poll signs new ones.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "BulkLinks")]
pub(crate) struct Links {
    /// The results, a CSV file: the columns of the upload and those of the scores.
    pub(crate) download_url: String,
    /// The rows without a score, a CSV file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) errors_url: Option<String>,
    /// Until when the URLs work; each poll signs new ones.
    pub(crate) expires_at: Timestamp,
}

/// Counts of the file's rows. `total` = `valid` + `invalid` + `duplicate`; `valid` = `done` + `failed` + `pending`, where rows
/// that a cancelled job did not process stay pending.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "BulkRows")]
struct Rows {
    /// `valid` + `invalid` + `duplicate`.
    total: u64,
    /// Rows that name a company: `done` + `failed` + `pending`.
    valid: u64,
    /// Rows that name none.
    invalid: u64,
    /// Rows that name a company again.
    duplicate: u64,
    /// Rows with a score.
    done: u64,
    /// Rows that could not be processed.
    failed: u64,
    /// Rows that are not processed: not yet, or no longer.
    pending: u64,
}

#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "BulkCredits")]
struct Charges {
    /// Credits that were reserved: one for each valid row.
    reserved: Credits,
    /// Credits that the job cost; 0 until it ends.
    charged: Credits,
    /// Credits that came back.
    refunded: Credits,
}

impl JobAnswer {
    pub(crate) fn of(job: &Job<ScoreJob>, origin: &Origin) -> Self {
        let charged = job.charged.map(Credits::from_tenths);
        let work = &job.work;
        let pending = work
            .rows_valid
            .saturating_sub(job.units_done + job.units_failed);
        Self {
            job_id: job.job,
            status: job.state,
            poll_url: origin.link(&format!("/api/v1/score/bulk/{}", job.job)),
            rows: Rows {
                total: work.rows_total,
                valid: work.rows_valid,
                invalid: work.rows_invalid,
                duplicate: work.rows_duplicate,
                done: job.units_done,
                failed: job.units_failed,
                pending,
            },
            credits: Charges {
                reserved: job.reserved(),
                charged: charged.unwrap_or(Credits::ZERO),
                refunded: charged.map_or(Credits::ZERO, |charged| job.reserved() - charged),
            },
            created_at: job.created_at,
            started_at: job.started_at,
            cancel_requested_at: job.cancel_requested_at,
            completed_at: job.completed_at,
            links: None,
            results_kept_until: job.expires.and_then(|at| Timestamp::from_second(at).ok()),
        }
    }
}
