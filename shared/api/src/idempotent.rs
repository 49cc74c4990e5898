use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use idempotency::{
    Answer, Fingerprint, IdempotencyError, IdempotencyStore, Operation, Seed, Start, Unreadable,
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
    Replayed(Answer),
}

impl AuthorizedCall {
    /// Makes the call idempotent by its `Idempotency-Key`, if it has one. `content` is all that it asks for, as it was read:
    /// its body, and its query string if it has parameters.
    ///
    /// A repetition gets the first response, and counts in the key's minute only. Otherwise `run` runs, and names what it
    /// creates by the seed. Its response is stored, if it is final.
    ///
    /// # Errors
    /// 400 for a key that is none, 409 while another run is in flight, 422 if the key was used for another request.
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
                match enter(started?, &self.incoming).await? {
                    Entered::Run(seed) => seed,
                    Entered::Replay(answer) => return Ok(Idempotent::replayed(answer)),
                }
            }
        };
        run(self, seed).await.map(Idempotent::ran)
    }
}

impl Session {
    /// The same for what a user does with the account. A repetition is not counted, as nothing of it is.
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
                match enter(started, &self.incoming).await? {
                    Entered::Run(seed) => seed,
                    Entered::Replay(answer) => return Ok(Idempotent::replayed(answer)),
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

    const fn replayed(answer: Answer) -> Self {
        Self(Outcome::Replayed(answer))
    }
}

impl<T: IntoResponse> IntoResponse for Idempotent<T> {
    fn into_response(self) -> Response {
        match self.0 {
            Outcome::Ran(response) => response.into_response(),
            Outcome::Replayed(answer) => replay(answer),
        }
    }
}

enum Entered {
    Run(Seed),
    Replay(Answer),
}

/// Begins the operation of an account and of the key, or lineage of keys, that asks.
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

/// Lets a run go on, and ends a repetition with the stored response.
async fn enter(started: Start, incoming: &IncomingCall) -> Result<Entered, ApiError> {
    match started {
        Start::Run(run) => {
            let seed = run.seed();
            incoming.request.set_run(run);
            Ok(Entered::Run(seed))
        }
        Start::Answered(answered) => {
            let answer = incoming.context.idempotency()?.open(answered).await?;
            incoming.request.set_admitted();
            Ok(Entered::Replay(answer))
        }
        Start::InFlight(seconds) => Err(in_flight(seconds)),
        Start::Mismatch => {
            let message = "this Idempotency-Key was sent before with another request; give each request a key of its own";
            Err(ApiError::new(Code::IdempotencyMismatch, message))
        }
    }
}

/// A stored response, marked as a replay.
pub(crate) fn replay(answer: Answer) -> Response {
    let mut response = answer.body.into_response();
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    if let Ok(content_type) = HeaderValue::from_str(&answer.content_type)
        && !content_type.is_empty()
    {
        headers.insert(CONTENT_TYPE, content_type);
    }
    set(headers, "idempotent-replayed", "true");
    set(
        headers,
        "idempotent-original-request-id",
        &answer.request.to_string(),
    );
    response
}

pub(crate) fn in_flight(seconds: i64) -> ApiError {
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
