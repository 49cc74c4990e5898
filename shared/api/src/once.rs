use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use idempotency::{
    Answer, Effects, Fingerprint, IdempotencyKey, Kept, KeyError, Once, OnceError, Operation, Run,
    Seed, Start, Unreadable,
};
use quota::Charge;
use serde::Serialize;
use types::{AccountId, Chain, Deadline, KeyId, Timestamp};

use crate::arrival::Arrival;
use crate::caller::Permitted;
use crate::rate_limit::set;
use crate::visit::Visit;
use crate::{ApiError, Code, Gate, Session};

const HEADER: &str = "idempotency-key";

/// What a request says of itself that can be done once.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    key: Result<IdempotencyKey, KeyError>,
    method: Method,
    path: String,
    ends: Option<Timestamp>,
}

impl Named {
    /// None without the header.
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        parts.headers.contains_key(HEADER).then(|| {
            let values = parts.headers.get_all(HEADER).into_iter();
            let ends = parts.extensions.get::<Deadline>();
            Self {
                key: IdempotencyKey::read(values.map(HeaderValue::as_bytes)),
                method: parts.method.clone(),
                path: parts.uri.path().to_owned(),
                ends: ends.map(|Deadline(at)| *at),
            }
        })
    }
}

impl Permitted {
    /// Makes the call idempotent by its `Idempotency-Key`, if it has one. `content` is all that it asks for, as it was read:
    /// its body, and its query string if it has parameters.
    ///
    /// A repetition ends here, and is given the first answer by [`crate::serve`]. It counts in the key's minute only. Who gets
    /// beyond this runs, and names by the seed what it creates. What it answers is kept, if it is final.
    pub async fn once(&self, content: &impl Serialize) -> Result<Seed, ApiError> {
        let Self(visitor) = self;
        let Arrival { gate, visit, named } = &visitor.arrival;
        let Some(named) = named else {
            return Ok(Seed::unshared(visit.request));
        };
        let known = gate.quota.refuse_known(&visitor.principal);
        known.map_err(|denied| visitor.denied(denied))?;
        let owner = (visitor.principal.account, visitor.principal.lineage);
        let started = named.start(gate, visit, owner, content).await;
        if !matches!(started, Ok(Start::Run(_))) {
            visitor.admit(Charge::Attempt).await?;
        }
        enter(started?, gate, visit).await
    }
}

impl Session {
    /// The same for what a user does with the account. A repetition is not counted, as nothing of it is.
    pub async fn once(&self, content: &impl Serialize) -> Result<Seed, ApiError> {
        let Arrival { gate, visit, named } = &self.arrival;
        let Some(named) = named else {
            return Ok(Seed::unshared(visit.request));
        };
        let owner = (self.user.account, self.user.key);
        let started = named.start(gate, visit, owner, content).await?;
        enter(started, gate, visit).await
    }
}

impl Named {
    /// Begins the operation of an account and of the key, or lineage of keys, that asks.
    async fn start(
        &self,
        gate: &Gate,
        visit: &Visit,
        (account, lineage): (AccountId, KeyId),
        content: &impl Serialize,
    ) -> Result<Start, ApiError> {
        let key = self.key.as_ref().map_err(|error| {
            ApiError::invalid("Idempotency-Key", error.to_string()).reason(error.reason())
        })?;
        let once = gate.once()?;
        let fingerprint = Fingerprint::of(content).map_err(|error| ApiError::internal(&error))?;
        let operation = Operation::new(account, lineage, self.method.as_str(), &self.path, key)?;
        let started = once.start(operation, &fingerprint, visit.request, self.ends);
        Ok(started.await?)
    }
}

/// Answers the seed of a run. A repetition ends here.
async fn enter(started: Start, gate: &Gate, visit: &Visit) -> Result<Seed, ApiError> {
    match started {
        Start::Run(run) => {
            let seed = run.seed();
            visit.set_run(run);
            Ok(seed)
        }
        Start::Answered(answered) => {
            let answer = gate.once()?.open(answered).await?;
            visit.set_replay(answer);
            Err(in_flight(1))
        }
        Start::InFlight(seconds) => Err(in_flight(seconds)),
        Start::Mismatch => {
            let message = "this Idempotency-Key was sent before with another request; give each request a key of its own";
            Err(ApiError::new(Code::IdempotencyMismatch, message))
        }
    }
}

/// Settles what [`Permitted::once`] or [`Session::once`] began: keeps a run's answer or releases it, and puts a kept answer in place of what the
/// handler answered.
pub(crate) async fn settle(response: Response, gate: &Gate, visit: &Visit) -> Response {
    let settled = match (visit.take_run(), visit.take_replay()) {
        (Some(run), _) => Box::pin(finish(response, &run, gate, visit)).await,
        (None, Some(answer)) => Ok(replayed(answer)),
        (None, None) => Ok(response),
    };
    settled.unwrap_or_else(|error| crate::serve::write_error(error, gate, visit))
}

async fn finish(
    response: Response,
    run: &Run,
    gate: &Gate,
    visit: &Visit,
) -> Result<Response, ApiError> {
    let once = gate.once()?;
    let status = response.status();
    if !is_final(status) {
        let effects = if status.is_server_error() {
            Effects::Possible
        } else {
            Effects::None
        };
        if let Err(error) = once.release(run, effects).await {
            tracing::warn!(request.id = %visit.request, error = %Chain(&error), "a retry with the same idempotency key has to wait for the lease");
        }
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await;
    let body = body.map_err(|error| ApiError::internal(&error))?;
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let answer = Answer {
        status: status.as_u16(),
        content_type: content_type.unwrap_or_default().to_owned(),
        request: visit.request,
        body: body.clone(),
    };
    match once.keep(run, &answer).await {
        Ok(Kept::Yes) => {}
        Ok(Kept::Overtaken(theirs)) => {
            // Two runs did it and one is paid for: the one whose answer is kept.
            visit.waive();
            let theirs = theirs.ok_or_else(|| in_flight(1))?;
            return Ok(replayed(once.open(theirs).await?));
        }
        // It is done all the same. A retry runs when the lease is over, and finds it by its seed.
        Err(error) => {
            tracing::error!(request.id = %visit.request, error = %Chain(&error), "an answer was not kept");
        }
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Whether the same request would be answered the same for ever. Of errors these are the ones that a handler finds after
/// it was let in; a retry after any other may well succeed.
fn is_final(status: StatusCode) -> bool {
    status.is_success()
        || matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
        )
}

fn replayed(answer: Answer) -> Response {
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

fn in_flight(seconds: i64) -> ApiError {
    let message = "a request with this Idempotency-Key is being worked on; send it again when Retry-After is over";
    ApiError::new(Code::InProgress, message).retry_after(seconds)
}

impl From<OnceError> for ApiError {
    fn from(error: OnceError) -> Self {
        match error {
            OnceError::Store(error) => error.into(),
            OnceError::Blob(error) => error.into(),
            OnceError::Unreadable(error) => error.into(),
        }
    }
}

impl From<Unreadable> for ApiError {
    fn from(error: Unreadable) -> Self {
        Self::internal(&error)
    }
}

impl Gate {
    fn once(&self) -> Result<&Once, ApiError> {
        self.once.as_ref().ok_or_else(|| {
            let message = "the function's gate has no bucket for the answers of idempotent calls";
            ApiError::internal(&std::io::Error::other(message))
        })
    }
}
