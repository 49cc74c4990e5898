use api::Origin;
use intent_store::ScoreJob;
use serde::Serialize;
use types::{Credits, JobId, Timestamp};
use workspace::{Job, JobState};

/// A job in a response.
#[derive(Debug, Serialize)]
pub(crate) struct JobAnswer {
    job_id: JobId,
    status: JobState,
    poll_url: String,
    rows: Rows,
    credits: Charges,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_requested_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<Timestamp>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) links: Option<Links>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results_kept_until: Option<Timestamp>,
}

/// Presigned URLs of the files of a job that has ended. They need no API key, so they expire soon; each poll signs new ones.
#[derive(Debug, Serialize)]
pub(crate) struct Links {
    pub(crate) download_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) errors_url: Option<String>,
    pub(crate) expires_at: Timestamp,
}

/// Counts of the file's rows. `total` = `valid` + `invalid` + `duplicate`; `valid` = `done` + `failed` + `pending`, where rows
/// that a cancelled job did not process stay pending.
#[derive(Debug, Serialize)]
struct Rows {
    total: u64,
    valid: u64,
    invalid: u64,
    duplicate: u64,
    done: u64,
    failed: u64,
    pending: u64,
}

#[derive(Debug, Serialize)]
struct Charges {
    reserved: Credits,
    charged: Credits,
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
