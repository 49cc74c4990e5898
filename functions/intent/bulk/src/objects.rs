use types::{AccountId, JobId};

/// Object key of the validated upload, as NDJSON.
pub(crate) fn upload(account: AccountId, job: JobId) -> String {
    format!("jobs/{account}/{job}/upload.ndjson")
}

/// Object key of the results of one chunk, as JSON.
pub(crate) fn part(account: AccountId, job: JobId, chunk: u64) -> String {
    format!("jobs/{account}/{job}/parts/{chunk:04}.json")
}

/// Object key of a file of the finished job. Each attempt to finish writes its own; the job's row names the valid one.
pub(crate) fn output(account: AccountId, job: JobId, lease: &str, name: &str) -> String {
    format!("jobs/{account}/{job}/{lease}/{name}.csv")
}
