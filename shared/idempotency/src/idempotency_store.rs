use std::sync::Arc;

use accounts::{Accounts, Held, OnceAnswer, OnceBody, OnceRow};
use blob::BlobError;
use bytes::Bytes;
use store::StoreError;
use types::{Clock, RequestId, Timestamp, unique};

use crate::{Bodies, Fingerprint, Operation, Seed, Unreadable};

/// How long an operation is remembered, in seconds from its first acceptance.
const KEPT: i64 = 24 * 3_600;
/// How much longer its row is, so that no clock that is late finds it deleted too early.
const MARGIN: i64 = 3_600;
/// Seconds that a run has if nobody says when its function must have ended: the longest that API Gateway waits for one.
const LEASE: i64 = 30;
/// The most seconds that a caller is told to wait for a run: most end long before their lease.
const LONGEST_WAIT: i64 = 3;
/// Bytes of a sealed body that lie in the row. An item takes 400 KB.
const MOST_INLINE: usize = 300_000;
/// The most bytes of an answer: what Lambda takes.
const MOST_BYTES: u64 = 6_000_000;

/// Does operations once. Cloning shares its connections.
#[derive(Clone, Debug)]
pub struct IdempotencyStore {
    accounts: Accounts,
    bodies: Arc<dyn Bodies>,
    clock: Clock,
}

/// What became of an attempt to start an operation.
#[derive(Debug)]
pub enum Start {
    /// It is the caller's to do.
    Run(Run),
    /// It was done; see [`IdempotencyStore::open`].
    Answered(Answered),
    /// Somebody is at it, and may be done after so many seconds.
    InFlight(i64),
    /// The same key stands for a request with another content.
    Mismatch,
}

/// The right to do an operation. It ends with the lease, so it is to be settled by [`IdempotencyStore::keep`] or [`IdempotencyStore::release`].
#[derive(Clone, Debug)]
pub struct Run {
    operation: Operation,
    lease: String,
    seed: Seed,
}

/// An answer to give again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its media type; empty if it has none.
    pub content_type: String,
    /// The request that it was made for.
    pub request: RequestId,
    /// Its body, byte for byte.
    pub body: Bytes,
}

/// An answer that is kept, still sealed.
#[derive(Debug)]
pub struct Answered {
    operation: Operation,
    sealed: OnceAnswer,
}

/// What became of an answer that was to be kept.
#[derive(Debug)]
pub enum Kept {
    /// It is the operation's answer.
    Yes,
    /// The run took longer than its lease and another took over. That one's answer holds, if it has one yet.
    Overtaken(Option<Answered>),
}

/// What a run that is released may have left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effects {
    /// Surely nothing: the next request with the key is a new one, whatever its content.
    None,
    /// Anything: the next run of the operation has the same seed, to find it.
    Possible,
}

/// An operation could not be started or settled.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The accounts table did not answer.
    #[error("the idempotency row could not be read or written")]
    Store(#[from] StoreError),
    /// The bucket did not answer.
    #[error("a kept answer could not be read or written")]
    Blob(#[from] BlobError),
    /// The kept answer is not what was kept.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl IdempotencyStore {
    /// On this accounts table, with large answers in these bodies. Makes no call.
    pub fn new(accounts: Accounts, bodies: Arc<dyn Bodies>, clock: Clock) -> Self {
        Self {
            accounts,
            bodies,
            clock,
        }
    }

    /// Begins an operation, unless it was begun in the last 24 hours. `ends` is when the function that asks must have ended.
    ///
    /// One conditional write; a second where a run before left no answer.
    pub async fn start(
        &self,
        operation: Operation,
        fingerprint: &Fingerprint,
        request: RequestId,
        ends: Option<Timestamp>,
    ) -> Result<Start, IdempotencyError> {
        let now = self.clock.now().as_second();
        let mine = OnceRow {
            seed: request,
            fingerprint: fingerprint.as_str().to_owned(),
            accepted_at: now,
            lease: unique(self.clock.now()),
            // The second that the function ends in has to be over.
            lease_until: ends.map_or(now + LEASE, |ends| ends.as_second() + 1),
            expires: now + KEPT + MARGIN,
            answer: None,
        };
        let held = self
            .accounts
            .claim_once(operation.id(), &mine, now - KEPT)
            .await?;
        let Held::Theirs(theirs) = held.unless(&mine.lease) else {
            let seed = Seed::accepted(request);
            return Ok(Start::Run(Run::new(operation, mine.lease, seed)));
        };
        if !is_free(&theirs, &mine.fingerprint, now) {
            return Ok(standing(operation, *theirs, &mine.fingerprint, now));
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
            Held::Theirs(theirs) => standing(operation, *theirs, &mine.fingerprint, now),
        })
    }

    /// Opens a kept answer. Reads an object if it is a large one.
    pub async fn open(&self, answered: Answered) -> Result<Answer, IdempotencyError> {
        let Answered { operation, sealed } = answered;
        let beside = beside(sealed.status, &sealed.content_type, sealed.request);
        let body = match sealed.body {
            OnceBody::Inline(body) => body,
            OnceBody::Object(key) => self.bodies.get(&key, MOST_BYTES * 2).await?,
        };
        Ok(Answer {
            status: sealed.status,
            content_type: sealed.content_type,
            request: sealed.request,
            body: operation.open(&beside, body)?,
        })
    }

    /// Keeps the answer of a run, unless its lease went to another.
    pub async fn keep(&self, run: &Run, answer: &Answer) -> Result<Kept, IdempotencyError> {
        let beside = beside(answer.status, &answer.content_type, answer.request);
        let body = run.operation.seal(&beside, &answer.body)?;
        let body = if body.len() > MOST_INLINE {
            let key = run.operation.object(&run.lease);
            self.bodies.put(&key, body).await?;
            OnceBody::Object(key)
        } else {
            OnceBody::Inline(body.into())
        };
        let sealed = OnceAnswer {
            status: answer.status,
            content_type: answer.content_type.clone(),
            request: answer.request,
            body,
        };
        let held = self
            .accounts
            .answer_once(run.operation.id(), &run.lease, &sealed)
            .await?;
        let Held::Theirs(theirs) = held.unless(&run.lease) else {
            return Ok(Kept::Yes);
        };
        // With another seed it is another request, of after these 24 hours.
        let same = theirs.seed == run.seed.request();
        Ok(Kept::Overtaken(theirs.answer.filter(|_| same).map(
            |sealed| Answered {
                operation: run.operation.clone(),
                sealed,
            },
        )))
    }

    /// Ends a run that has no answer to keep, so that the next request with the key is not held up.
    pub async fn release(&self, run: &Run, effects: Effects) -> Result<(), IdempotencyError> {
        let id = run.operation.id();
        match effects {
            // What an earlier run has done is not undone by this one's doing nothing.
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

    /// What the run names by what it creates.
    pub const fn seed(&self) -> Seed {
        self.seed
    }
}

/// Whether a run of this content left no answer and may no longer be at it.
fn is_free(row: &OnceRow, fingerprint: &str, now: i64) -> bool {
    row.answer.is_none() && row.fingerprint == fingerprint && row.lease_until <= now
}

/// What a row that is another's means for a request.
fn standing(operation: Operation, row: OnceRow, fingerprint: &str, now: i64) -> Start {
    if row.fingerprint != fingerprint {
        return Start::Mismatch;
    }
    match row.answer {
        Some(sealed) => Start::Answered(Answered { operation, sealed }),
        None => Start::InFlight((row.lease_until - now).clamp(1, LONGEST_WAIT)),
    }
}

/// What stands beside a sealed body in the open.
fn beside(status: u16, content_type: &str, request: RequestId) -> String {
    format!("{status}\n{request}\n{content_type}")
}
