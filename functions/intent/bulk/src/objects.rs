use types::{AccountId, JobId};

/// The checked upload, as lines of JSON.
pub(crate) fn upload(account: AccountId, job: JobId) -> String {
    format!("jobs/{account}/{job}/upload.ndjson")
}

/// The answers of one chunk, as JSON.
pub(crate) fn part(account: AccountId, job: JobId, chunk: u64) -> String {
    format!("jobs/{account}/{job}/parts/{chunk:04}.json")
}

/// A file of the finished job. Each attempt to finish writes its own, and the job's row names the one that counts.
pub(crate) fn output(account: AccountId, job: JobId, lease: &str, name: &str) -> String {
    format!("jobs/{account}/{job}/{lease}/{name}.csv")
}
