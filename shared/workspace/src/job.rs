use std::collections::BTreeSet;

use accounts::GrantPart;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::keys::JobKind;
use types::{AccountId, Credits, JobId, Product, Timestamp};

/// What the jobs of one kind do: what is stored of it beside the envelope, as a serde type.
pub trait JobWork: Serialize + DeserializeOwned {
    /// Product and kind.
    const KIND: JobKind;
    /// What the notes of ledger entries call such a job, such as `bulk job`.
    const TITLE: &'static str;
    /// What the end of a job adds to its work: a serde type whose fields are the attributes to set.
    type Outcome: Serialize;
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Accepted and paid for; no chunk is done.
    Queued,
    /// At least one chunk is done.
    Running,
    /// Every unit has its result, or could not be processed; at least one has its result.
    Done,
    /// No unit could be processed; everything was refunded.
    Failed,
    /// Ended by its owner; finished units are kept and the rest was refunded.
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

/// A job as stored: what every job has, and the work of its kind. A job is cut into chunks, of which each is one message.
/// Times are seconds since 1970 where an expression compares them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job<W> {
    /// Its owner.
    pub account: AccountId,
    /// Its id.
    pub job: JobId,
    /// The product whose meter pays.
    pub product: Product,
    /// Its kind, within the product.
    pub kind: String,
    /// Its state.
    pub state: JobState,
    /// Into how many chunks it is cut.
    pub chunks: u64,
    /// The chunks that are counted, by number.
    #[serde(
        default,
        skip_serializing_if = "BTreeSet::is_empty",
        with = "serde_dynamo::number_set"
    )]
    pub chunks_done: BTreeSet<u64>,
    /// Units of work (rows, records) that have a result.
    #[serde(default)]
    pub units_done: u64,
    /// Units of work that could not be processed.
    #[serde(default)]
    pub units_failed: u64,
    /// Credits set aside, in tenths.
    pub reserved: i64,
    /// Of which grants, in the order in which they are charged. Nothing for a job from before this was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved_of: Vec<GrantPart>,
    /// Credits kept, in tenths; known when the job has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<i64>,
    /// The run that finishes it holds this lease until it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<String>,
    /// When the lease runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<i64>,
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
    /// What it does.
    #[serde(flatten)]
    pub work: W,
}

/// What a reader of any job knows of it, whatever its kind.
pub type JobEnvelope = Job<IgnoredAny>;

impl<W: JobWork> Job<W> {
    /// A job to submit: `chunks` messages, and credits to set aside.
    pub fn queued(
        (account, job): (AccountId, JobId),
        chunks: u64,
        reserved: Credits,
        created_at: Timestamp,
        work: W,
    ) -> Self {
        Self {
            account,
            job,
            product: W::KIND.product,
            kind: W::KIND.name.to_owned(),
            state: JobState::Queued,
            chunks,
            chunks_done: BTreeSet::new(),
            units_done: 0,
            units_failed: 0,
            reserved: reserved.tenths(),
            reserved_of: Vec::new(),
            charged: None,
            lease: None,
            lease_until: None,
            created_at,
            started_at: None,
            cancel_requested_at: None,
            completed_at: None,
            expires: None,
            work,
        }
    }
}

impl JobEnvelope {
    /// The job in a stream record's image.
    pub fn from_image(image: serde_dynamo::Item) -> Result<Self, StoreError> {
        serde_dynamo::from_item(image).map_err(|error| StoreError::malformed("job", error))
    }
}

impl<W> Job<W> {
    /// Whether it is of this kind.
    pub fn is(&self, kind: JobKind) -> bool {
        self.product == kind.product && self.kind == kind.name
    }

    /// Whether the job is still shown at `now`: DynamoDB may delete it days after its time.
    pub fn is_kept(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires > now.as_second())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Report {
        pages: u64,
        ends: Vec<u64>,
        #[serde(flatten)]
        file: File,
    }

    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    struct File {
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    }

    impl JobWork for Report {
        const KIND: JobKind = JobKind {
            product: Product::Liquidity,
            name: "report",
        };
        const TITLE: &'static str = "report";
        type Outcome = File;
    }

    fn job() -> Job<Report> {
        let at = Timestamp::UNIX_EPOCH;
        let ids = (AccountId::from_parts(at, 7), JobId::from_parts(at, 8));
        let work = Report {
            pages: 12,
            ends: vec![5, u64::MAX],
            file: File::default(),
        };
        let mut job = Job::queued(ids, 2, Credits::whole(3), at, work);
        job.chunks_done.insert(1);
        job
    }

    #[test]
    fn envelope_and_work_are_one_item() {
        let job = job();
        let item: serde_dynamo::Item = serde_dynamo::to_item(&job).unwrap();
        let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "account",
                "chunks",
                "chunks_done",
                "created_at",
                "ends",
                "job",
                "kind",
                "pages",
                "product",
                "reserved",
                "state",
                "units_done",
                "units_failed",
            ]
        );
        let read: Job<Report> = serde_dynamo::from_item(item).unwrap();
        assert_eq!(read, job);
    }

    #[test]
    fn the_envelope_is_read_without_the_work() {
        let job = job();
        let image = serde_dynamo::to_item(&job).unwrap();
        let envelope = JobEnvelope::from_image(image).unwrap();
        assert!(envelope.is(Report::KIND));
        assert_eq!((envelope.job, envelope.chunks), (job.job, 2));
        assert!(envelope.wants(0) && !envelope.wants(1));
    }
}
