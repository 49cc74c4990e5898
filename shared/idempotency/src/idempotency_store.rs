use std::sync::Arc;

use accounts::{Accounts, Held, IdempotencyRow, ResponseRow, SealedBody};
use blob::BlobError;
use bytes::Bytes;
use store::StoreError;
use types::{Clock, RequestId, Timestamp, unique};

use crate::{Bodies, Fingerprint, Operation, Seed, Unreadable};

/// How long an operation is stored, in seconds from its first acceptance.
const RETENTION: i64 = 24 * 3_600;
/// How much longer its row is stored, so that no clock that is slow finds it deleted too early.
const MARGIN: i64 = 3_600;
/// Seconds of a lease if the function's deadline is not known: the longest that API Gateway waits for a function.
const LEASE: i64 = 30;
/// The most seconds that a caller is told to wait for a run: most end long before their lease.
const MAX_WAIT: i64 = 3;
/// The most bytes of a sealed body that are stored in the row. DynamoDB's limit per item is 400 KB.
const MAX_INLINE: usize = 300_000;
/// The most bytes of a response: Lambda's limit.
const MAX_BYTES: u64 = 6_000_000;

/// Makes operations run once. Cloning shares its connections.
#[derive(Clone, Debug)]
pub struct IdempotencyStore {
    accounts: Accounts,
    bodies: Arc<dyn Bodies>,
    clock: Clock,
}

/// The outcome of an attempt to start an operation.
#[derive(Debug)]
pub enum Start {
    /// The caller runs it.
    Run(Run),
    /// It is completed; see [`IdempotencyStore::open`].
    Completed(SealedResponse),
    /// Another run is in progress, and may be done after this many seconds.
    InProgress(i64),
    /// The same key was used for a request with other content.
    Mismatch,
}

/// The right to run an operation. It ends with the lease, so finish it with [`IdempotencyStore::store_response`] or
/// [`IdempotencyStore::release`].
#[derive(Clone, Debug)]
pub struct Run {
    operation: Operation,
    lease: String,
    seed: Seed,
}

/// A response to replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// Its HTTP status.
    pub status: u16,
    /// Its media type; empty if it has none.
    pub content_type: String,
    /// The request that it was first sent for.
    pub request: RequestId,
    /// Its body, byte for byte.
    pub body: Bytes,
}

/// A stored response, still sealed.
#[derive(Debug)]
pub struct SealedResponse {
    operation: Operation,
    sealed: ResponseRow,
}

/// The outcome of storing a run's response.
#[derive(Debug)]
pub enum StoreOutcome {
    /// It is the operation's response.
    Stored,
    /// The run took longer than its lease and another took over. The operation's response is that run's, if it has one yet.
    Overtaken(Option<SealedResponse>),
}

/// What a released run may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effects {
    /// Nothing: the next request with the key is a new one, whatever its content.
    None,
    /// Possibly something: the next run of the operation has the same seed, to find it.
    Possible,
}

/// An operation could not be started or finished.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The accounts table did not respond.
    #[error("the idempotency row could not be read or written")]
    Store(#[from] StoreError),
    /// The bucket did not respond.
    #[error("a stored response could not be read or written")]
    Blob(#[from] BlobError),
    /// The stored response was changed.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl IdempotencyStore {
    /// On this accounts table, with large responses in `bodies`. Makes no call.
    pub fn new(accounts: Accounts, bodies: Arc<dyn Bodies>, clock: Clock) -> Self {
        Self {
            accounts,
            bodies,
            clock,
        }
    }

    /// Starts an operation, unless it was started in the last 24 hours. `ends` is the calling function's deadline.
    ///
    /// One conditional write; a second if an earlier run left no response.
    pub async fn start(
        &self,
        operation: Operation,
        fingerprint: &Fingerprint,
        request: RequestId,
        ends: Option<Timestamp>,
    ) -> Result<Start, IdempotencyError> {
        let now = self.clock.now().as_second();
        let mine = IdempotencyRow {
            seed: request,
            fingerprint: fingerprint.as_str().to_owned(),
            accepted_at: now,
            lease: unique(self.clock.now()),
            // The second of the deadline has to be over.
            lease_until: ends.map_or(now + LEASE, |ends| ends.as_second() + 1),
            expires: now + RETENTION + MARGIN,
            answer: None,
        };
        let held = self
            .accounts
            .claim_once(operation.id(), &mine, now - RETENTION)
            .await?;
        let Held::Theirs(theirs) = held.unless(&mine.lease) else {
            let seed = Seed::accepted(request);
            return Ok(Start::Run(Run::new(operation, mine.lease, seed)));
        };
        if !is_free(&theirs, &mine.fingerprint, now) {
            return Ok(outcome_of_other(operation, *theirs, &mine.fingerprint, now));
        }
        let held = self
            .accounts
            .take_over_once(operation.id(), &theirs.lease, &mine.lease, mine.lease_until)
            .await?;
        Ok(match held.unless(&mine.lease) {
            Held::Mine => {
                let seed = Seed::inherited(theirs.seed);
                Start::Run(Run::new(operation, mine.lease, seed))
            }
            Held::Theirs(theirs) => outcome_of_other(operation, *theirs, &mine.fingerprint, now),
        })
    }

    /// Opens a stored response. Reads an object if it is a large one.
    pub async fn open(&self, stored: SealedResponse) -> Result<StoredResponse, IdempotencyError> {
        let SealedResponse { operation, sealed } = stored;
        let associated = associated_data(sealed.status, &sealed.content_type, sealed.request);
        let body = match sealed.body {
            SealedBody::Inline(body) => body,
            SealedBody::Object(key) => self.bodies.get(&key, MAX_BYTES * 2).await?,
        };
        Ok(StoredResponse {
            status: sealed.status,
            content_type: sealed.content_type,
            request: sealed.request,
            body: operation.open(&associated, body)?,
        })
    }

    /// Stores the response of a run, unless another run took its lease over.
    pub async fn store_response(
        &self,
        run: &Run,
        response: &StoredResponse,
    ) -> Result<StoreOutcome, IdempotencyError> {
        let associated = associated_data(response.status, &response.content_type, response.request);
        let body = run.operation.seal(&associated, &response.body)?;
        let body = if body.len() > MAX_INLINE {
            let key = run.operation.object(&run.lease);
            self.bodies.put(&key, body).await?;
            SealedBody::Object(key)
        } else {
            SealedBody::Inline(body.into())
        };
        let sealed = ResponseRow {
            status: response.status,
            content_type: response.content_type.clone(),
            request: response.request,
            body,
        };
        let held = self
            .accounts
            .answer_once(run.operation.id(), &run.lease, &sealed)
            .await?;
        let Held::Theirs(theirs) = held.unless(&run.lease) else {
            return Ok(StoreOutcome::Stored);
        };
        // With another seed it is another request, accepted after these 24 hours.
        let same = theirs.seed == run.seed.request();
        Ok(StoreOutcome::Overtaken(theirs.answer.filter(|_| same).map(
            |sealed| SealedResponse {
                operation: run.operation.clone(),
                sealed,
            },
        )))
    }

    /// Ends a run that has no response to store, so that the next request with the key does not have to wait.
    pub async fn release(&self, run: &Run, effects: Effects) -> Result<(), IdempotencyError> {
        let id = run.operation.id();
        match effects {
            // This run changed nothing, but an earlier one may have.
            Effects::None if !run.seed.is_inherited() => {
                self.accounts.forget_once(id, &run.lease).await?
            }
            Effects::None | Effects::Possible => self.accounts.end_once(id, &run.lease).await?,
        };
        Ok(())
    }
}

impl Run {
    const fn new(operation: Operation, lease: String, seed: Seed) -> Self {
        Self {
            operation,
            lease,
            seed,
        }
    }

    /// The source of the ids of what the run creates.
    pub const fn seed(&self) -> Seed {
        self.seed
    }
}

/// Whether a run with this content left no response and its lease is over.
fn is_free(row: &IdempotencyRow, fingerprint: &str, now: i64) -> bool {
    row.answer.is_none() && row.fingerprint == fingerprint && row.lease_until <= now
}

/// What another run's row means for a request.
fn outcome_of_other(
    operation: Operation,
    row: IdempotencyRow,
    fingerprint: &str,
    now: i64,
) -> Start {
    if row.fingerprint != fingerprint {
        return Start::Mismatch;
    }
    match row.answer {
        Some(sealed) => Start::Completed(SealedResponse { operation, sealed }),
        None => Start::InProgress((row.lease_until - now).clamp(1, MAX_WAIT)),
    }
}

/// What is stored in plain text with a sealed body, and authenticated with it (AEAD's associated data).
fn associated_data(status: u16, content_type: &str, request: RequestId) -> String {
    format!("{status}\n{request}\n{content_type}")
}
