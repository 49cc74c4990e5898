use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use idempotency::{
    Fingerprint, IdempotencyError, IdempotencyStore, Operation, Seed, Start, StoredResponse,
    Unreadable,
};
use quota::Charge;
use serde::Serialize;
use types::{AccountId, KeyId};

use crate::authorized_call::AuthorizedCall;
use crate::idempotent_request::IdempotentRequest;
use crate::incoming_call::IncomingCall;
use crate::rate_limit::set;
use crate::{ApiContext, ApiError, Code, Session};

/// The response of an idempotent call: of this run, or of the first.
#[derive(Debug)]
pub struct Idempotent<T>(Outcome<T>);

#[derive(Debug)]
enum Outcome<T> {
    Ran(T),
    Replayed(StoredResponse),
}

impl AuthorizedCall {
    /// Makes the call idempotent by its `Idempotency-Key`, if it has one. `content` is the parsed request: its body, and its
    /// parameters if it has a query string.
    ///
    /// A repetition gets the first response, and counts in the key's minute only. Otherwise `run` runs, and derives the ids of
    /// what it creates from the seed. Its response is stored, if it is final.
    ///
    /// # Errors
    /// 400 for a key that is not valid, 409 while another run is in progress, 422 if the key was used for another request.
    pub async fn once<T, F>(
        self,
        content: &impl Serialize,
        run: impl FnOnce(Self, Seed) -> F,
    ) -> Result<Idempotent<T>, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let IncomingCall {
            context, request, ..
        } = &self.incoming;
        let seed = match &self.incoming.idempotent {
            None => Seed::unshared(request.id),
            Some(idempotent) => {
                let known = context.quota.refuse_known(&self.principal);
                known.map_err(|denied| self.denied(denied))?;
                let owner = (self.principal.account, self.principal.lineage);
                let started = start(idempotent, &self.incoming, owner, content).await;
                if !matches!(started, Ok(Start::Run(_))) {
                    self.charge(Charge::Attempt).await?;
                }
                match run_or_replay(started?, &self.incoming).await? {
                    NextStep::Run(seed) => seed,
                    NextStep::Replay(stored) => return Ok(Idempotent::replayed(stored)),
                }
            }
        };
        run(self, seed).await.map(Idempotent::ran)
    }
}

impl Session {
    /// The same for what a user does with the account. A repetition is not counted, as no such call is.
    ///
    /// # Errors
    /// As [`AuthorizedCall::once`].
    pub async fn once<T, F>(
        self,
        content: &impl Serialize,
        run: impl FnOnce(Self, Seed) -> F,
    ) -> Result<Idempotent<T>, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let seed = match &self.incoming.idempotent {
            None => Seed::unshared(self.incoming.request.id),
            Some(idempotent) => {
                let owner = (self.user.account, self.user.key);
                let started = start(idempotent, &self.incoming, owner, content).await?;
                match run_or_replay(started, &self.incoming).await? {
                    NextStep::Run(seed) => seed,
                    NextStep::Replay(stored) => return Ok(Idempotent::replayed(stored)),
                }
            }
        };
        run(self, seed).await.map(Idempotent::ran)
    }
}

impl<T> Idempotent<T> {
    const fn ran(response: T) -> Self {
        Self(Outcome::Ran(response))
    }

    const fn replayed(stored: StoredResponse) -> Self {
        Self(Outcome::Replayed(stored))
    }
}

impl<T: IntoResponse> IntoResponse for Idempotent<T> {
    fn into_response(self) -> Response {
        match self.0 {
            Outcome::Ran(response) => response.into_response(),
            Outcome::Replayed(stored) => replay(stored),
        }
    }
}

enum NextStep {
    Run(Seed),
    Replay(StoredResponse),
}

/// Starts the operation of an account and of the caller's key, or lineage of keys.
async fn start(
    idempotent: &IdempotentRequest,
    incoming: &IncomingCall,
    (account, lineage): (AccountId, KeyId),
    content: &impl Serialize,
) -> Result<Start, ApiError> {
    let IdempotentRequest {
        key,
        method,
        path,
        ends,
    } = idempotent;
    let key = key.as_ref().map_err(|error| {
        ApiError::invalid("Idempotency-Key", error.to_string()).reason(error.reason())
    })?;
    let store = incoming.context.idempotency()?;
    let fingerprint = Fingerprint::of(content).map_err(|error| ApiError::internal(&error))?;
    let operation = Operation::new(account, lineage, method.as_str(), path, key)?;
    let started = store.start(operation, &fingerprint, incoming.request.id, *ends);
    Ok(started.await?)
}

/// Continues a run, or replays the stored response.
async fn run_or_replay(started: Start, incoming: &IncomingCall) -> Result<NextStep, ApiError> {
    match started {
        Start::Run(run) => {
            let seed = run.seed();
            incoming.request.set_run(run);
            Ok(NextStep::Run(seed))
        }
        Start::Completed(stored) => {
            let stored = incoming.context.idempotency()?.open(stored).await?;
            incoming.request.set_admitted();
            Ok(NextStep::Replay(stored))
        }
        Start::InProgress(seconds) => Err(in_progress(seconds)),
        Start::Mismatch => {
            let message = "this Idempotency-Key was sent before with another request; give each request a key of its own";
            Err(ApiError::new(Code::IdempotencyMismatch, message))
        }
    }
}

/// A stored response, marked as a replay.
pub(crate) fn replay(stored: StoredResponse) -> Response {
    let mut response = stored.body.into_response();
    *response.status_mut() =
        StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    if let Ok(content_type) = HeaderValue::from_str(&stored.content_type)
        && !content_type.is_empty()
    {
        headers.insert(CONTENT_TYPE, content_type);
    }
    set(headers, "idempotent-replayed", "true");
    set(
        headers,
        "idempotent-original-request-id",
        &stored.request.to_string(),
    );
    response
}

pub(crate) fn in_progress(seconds: i64) -> ApiError {
    let message = "a request with this Idempotency-Key is being worked on; send it again when Retry-After is over";
    ApiError::new(Code::InProgress, message).retry_after(seconds)
}

impl From<IdempotencyError> for ApiError {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::Store(error) => error.into(),
            IdempotencyError::Blob(error) => error.into(),
            IdempotencyError::Unreadable(error) => error.into(),
        }
    }
}

impl From<Unreadable> for ApiError {
    fn from(error: Unreadable) -> Self {
        Self::internal(&error)
    }
}

impl ApiContext {
    pub(crate) fn idempotency(&self) -> Result<&IdempotencyStore, ApiError> {
        let store = self.idempotency.as_ref();
        store.ok_or_else(|| {
            ApiError::bug(
                "the function's context has no bucket for the responses of idempotent calls",
            )
        })
    }
}
