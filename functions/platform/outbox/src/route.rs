use intent_store::ScoreJob;
use queue::{Queue, ScoreChunk, Task};
use store::keys::JobKind;
use workspace::{JobEnvelope, JobWork};

use crate::Outbox;

/// Where the messages of one kind of job go, and what each says.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) kind: JobKind,
    pub(crate) queue: fn(&Outbox) -> &Queue,
    pub(crate) task: fn(&JobEnvelope, u64) -> Task,
}

/// One for each kind of job.
static ROUTES: [Route; 1] = [Route {
    kind: ScoreJob::KIND,
    queue: |outbox| &outbox.bulk,
    task: |job, chunk| {
        Task::ScoreChunk(ScoreChunk {
            account: job.account,
            job: job.job,
            chunk,
        })
    },
}];

/// A job of a kind that no queue takes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{job} is of the kind {kind}, which no queue takes")]
pub(crate) struct UnknownKind {
    job: types::JobId,
    kind: String,
}

pub(crate) fn route(job: &JobEnvelope) -> Result<&'static Route, UnknownKind> {
    ROUTES
        .iter()
        .find(|route| job.is(route.kind))
        .ok_or_else(|| UnknownKind {
            job: job.job,
            kind: format!("{}#{}", job.product, job.kind),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_store::ScoreFiles;
    use types::{AccountId, Credits, JobId, Product, Timestamp};
    use workspace::Job;

    fn envelope() -> JobEnvelope {
        let at = Timestamp::UNIX_EPOCH;
        let ids = (AccountId::from_parts(at, 7), JobId::from_parts(at, 8));
        let work = ScoreJob {
            rows_total: 2,
            rows_valid: 2,
            rows_invalid: 0,
            rows_duplicate: 0,
            chunk_rows: 1,
            chunk_ends: vec![10, 20],
            files: ScoreFiles::default(),
        };
        let job = Job::queued(ids, 2, Credits::whole(2), at, work);
        JobEnvelope::from_image(serde_dynamo::to_item(&job).unwrap()).unwrap()
    }

    #[test]
    fn a_chunk_is_a_message() {
        let job = envelope();
        let Task::ScoreChunk(chunk) = (route(&job).unwrap().task)(&job, 1) else {
            panic!("it is about a chunk");
        };
        assert_eq!(
            (chunk.account, chunk.job, chunk.chunk),
            (job.account, job.job, 1)
        );
    }

    #[test]
    fn a_kind_without_a_queue_is_an_error() {
        let other = JobEnvelope {
            kind: "export".to_owned(),
            ..envelope()
        };
        let expected =
            "job_00000000000000000000000008 is of the kind intent#export, which no queue takes";
        assert_eq!(route(&other).unwrap_err().to_string(), expected);
        let elsewhere = JobEnvelope {
            product: Product::Leads,
            ..envelope()
        };
        assert!(route(&elsewhere).is_err());
    }
}
