use std::borrow::Cow;

use accounts::KeyState;
use auth::{AuthError, KeyringError, MOST_ACTIVE, SessionError};
use axum::response::{IntoResponse, Response};
use blob::BlobError;
use quota::Denied;
use serde_json::{Map, Value, json};
use store::StoreError;
use types::{Chain, DomainError, RequestId};

use crate::Code;

/// An error as the caller sees it. What went wrong inside is kept apart and only logged.
///
/// Boxed, so that the results it travels in stay small.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Content>);

#[derive(Clone, Debug)]
struct Content {
    code: Code,
    message: Cow<'static, str>,
    reason: Option<&'static str>,
    field: Option<Cow<'static, str>>,
    retry_after: Option<i64>,
    details: Map<String, Value>,
    internal: Option<String>,
}

impl ApiError {
    /// An error with a message that tells the caller what to do.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Content {
            code,
            message: message.into(),
            reason: None,
            field: None,
            retry_after: None,
            details: Map::new(),
            internal: None,
        }))
    }

    /// A parameter or body field that is not in order.
    pub fn invalid(
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut error = Self::new(Code::BadRequest, message);
        error.0.field = Some(field.into());
        error
    }

    /// An object that does not exist, or is not the caller's: the two are not told apart.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// Our own failure: logged with all its causes, answered without them.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        Self::behind(
            Code::Internal,
            "something went wrong on our side; try again, or send us the requestId",
            error,
        )
    }

    /// With the finer ground, a stable word for programs.
    #[must_use]
    pub fn reason(mut self, reason: &'static str) -> Self {
        self.0.reason = Some(reason);
        self
    }

    /// With the seconds after which the call may succeed.
    #[must_use]
    pub fn retry_after(mut self, seconds: i64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// With a further field of the answer.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.details.insert(name.to_owned(), value.into());
        self
    }

    /// The kind of error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    pub(crate) fn body(&self, request: RequestId) -> Value {
        let (code, _) = self.0.code.wire();
        let mut error = json!({
            "code": code,
            "message": self.0.message,
            "requestId": request.to_string(),
        });
        if let Some(object) = error.as_object_mut() {
            let words = [
                ("reason", self.0.reason),
                ("field", self.0.field.as_deref()),
            ];
            object.extend(
                words
                    .into_iter()
                    .filter_map(|(name, word)| Some((name.to_owned(), word?.into()))),
            );
            object.extend(self.0.details.clone());
        }
        json!({ "error": error })
    }

    pub(crate) fn retry_seconds(&self) -> Option<i64> {
        self.0.retry_after
    }

    /// What to log, if it is our failure.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }

    fn behind(code: Code, message: &'static str, error: &dyn std::error::Error) -> Self {
        let mut answer = Self::new(code, message);
        answer.0.internal = Some(Chain(error).to_string());
        answer
    }

    fn unavailable(error: &dyn std::error::Error) -> Self {
        Self::behind(
            Code::Unavailable,
            "a service behind this one is not answering; try again in a moment",
            error,
        )
        .retry_after(1)
    }
}

/// The body is written by [`crate::serve`], which knows the request's id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (_, status) = self.0.code.wire();
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Throttled(_) | StoreError::Unavailable(_) => Self::unavailable(&error),
            StoreError::Conflict | StoreError::Malformed { .. } => Self::internal(&error),
        }
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Unavailable(_) => Self::unavailable(&error),
            BlobError::NotFound(_) | BlobError::TooLarge { .. } => Self::internal(&error),
        }
    }
}

impl From<DomainError> for ApiError {
    fn from(error: DomainError) -> Self {
        Self::invalid("domain", error.to_string()).reason(error.reason())
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Malformed(malformed) => {
                Self::new(Code::Unauthorized, malformed.to_string()).reason("key_malformed")
            }
            AuthError::Unknown => {
                Self::new(Code::Unauthorized, error.to_string()).reason("key_unknown")
            }
            AuthError::Expired(_) => {
                Self::new(Code::Unauthorized, error.to_string()).reason("key_expired")
            }
            AuthError::Store(error) => error.into(),
        }
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Keys(_) => Self::unavailable(&error),
            refused => Self::new(Code::Unauthorized, refused.to_string()).reason(refused.reason()),
        }
    }
}

impl From<KeyringError> for ApiError {
    fn from(error: KeyringError) -> Self {
        let message = error.to_string();
        match error {
            KeyringError::NoProduct => Self::new(Code::PlanRequired, message).reason("no_product"),
            KeyringError::Full => Self::new(Code::LimitReached, message)
                .reason("resource")
                .with("limit", MOST_ACTIVE),
            KeyringError::NotFound => Self::not_found("key"),
            KeyringError::Rotated { by } => {
                let answer = Self::new(Code::Duplicate, message).reason("key_rotated");
                match by {
                    Some(by) => answer.with("replaced_by", by.to_string()),
                    None => answer,
                }
            }
            KeyringError::Ended(KeyState::Expired) => {
                Self::new(Code::NotFound, message).reason("key_expired")
            }
            KeyringError::Ended(_) => Self::new(Code::NotFound, message).reason("key_revoked"),
            KeyringError::Store(error) => error.into(),
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Revoked => Self::new(
                Code::Unauthorized,
                "this API key was revoked; use another, or issue a new one",
            )
            .reason("key_revoked"),
            Denied::NoAccess { plan } => Self::new(
                Code::PlanRequired,
                format!("the plan {plan} has no API access; upgrade to call the API"),
            )
            .reason("no_api_access")
            .with("plan", plan),
            Denied::Minute { window, .. } => Self::limit("per_minute", window.limit, "minute"),
            Denied::Month { window, .. } => Self::limit("monthly", window.limit, "month"),
            Denied::Credits {
                needed, balance, ..
            } => {
                let message = format!(
                    "not enough credits: {needed} needed, {balance} left; top up to continue"
                );
                Self::new(Code::InsufficientCredits, message)
                    .with("required", json!(needed))
                    .with("balance", json!(balance))
            }
            Denied::Store(error) => error.into(),
        }
    }
}

impl ApiError {
    fn limit(reason: &'static str, limit: u64, window: &str) -> Self {
        let message = format!(
            "the limit of {limit} calls a {window} is reached; try again when Retry-After is over"
        );
        Self::new(Code::LimitReached, message)
            .reason(reason)
            .with("limit", limit)
    }
}
