use std::borrow::Cow;
use std::fmt;

use accounts::KeyState;
use auth::{
    AuthError, KeyringError, MAX_ACTIVE_KEYS, MAX_GRACE_KEYS, MAX_KEYS_PER_HOUR, SessionError,
};
use axum::response::{IntoResponse, Response};
use blob::BlobError;
use serde_json::{Map, Value};
use store::StoreError;
use types::{Chain, DomainError};

use crate::Code;

/// An error as the caller sees it. Its internal cause is separate and only logged.
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
    /// An error with a message that says what the caller can do.
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

    /// A parameter or body field that is not valid.
    pub fn invalid(
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut error = Self::new(Code::BadRequest, message);
        error.0.field = Some(field.into());
        error
    }

    /// An object that does not exist or is not the caller's, which the response does not distinguish.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// The account is suspended. Why is not the caller's to know.
    pub fn suspended() -> Self {
        let message = "this account is suspended; contact the operator of this API";
        Self::new(Code::Forbidden, message).reason("account_suspended")
    }

    /// Our own failure: logged with all its causes, returned without them.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        Self::caused_by(
            Code::Internal,
            "something went wrong on our side; try again, or send us the requestId",
            error,
        )
    }

    /// A mistake in our own code, found at run time.
    pub(crate) fn bug(message: &'static str) -> Self {
        Self::internal(&std::io::Error::other(message))
    }

    /// With the `reason`, a stable word for programs.
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

    /// With a further field of the error.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.details.insert(name.to_owned(), value.into());
        self
    }

    /// The kind of error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The message for the caller.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The `reason`, if there is one.
    pub(crate) fn reason_word(&self) -> Option<&'static str> {
        self.0.reason
    }

    /// All fields other than code and message: `reason`, `field`, and the further fields.
    pub(crate) fn details(&self) -> Map<String, Value> {
        let words = [
            ("reason", self.0.reason),
            ("field", self.0.field.as_deref()),
        ];
        let words = words.into_iter();
        let known = words.filter_map(|(name, word)| Some((name.to_owned(), word?.into())));
        known.chain(self.0.details.clone()).collect()
    }

    pub(crate) fn retry_seconds(&self) -> Option<i64> {
        self.0.retry_after
    }

    /// What to log, if it is our failure.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }

    fn caused_by(code: Code, message: &'static str, error: &dyn std::error::Error) -> Self {
        let mut response = Self::new(code, message);
        response.0.internal = Some(Chain(error).to_string());
        response
    }

    /// A service that we call does not answer.
    pub fn unavailable(error: &dyn std::error::Error) -> Self {
        Self::caused_by(
            Code::Unavailable,
            "a service behind this one is not answering; try again in a moment",
            error,
        )
        .retry_after(1)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

/// The body is written by the layer around every router, which has the request's id and dialect.
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
            SessionError::Keys { retry_after, .. } => {
                Self::unavailable(&error).retry_after(retry_after)
            }
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
                .with("limit", MAX_ACTIVE_KEYS),
            KeyringError::HourFull { wait } => Self::new(Code::LimitReached, message)
                .reason("keys_per_hour")
                .with("limit", MAX_KEYS_PER_HOUR)
                .retry_after(wait),
            KeyringError::GraceFull { wait } => Self::new(Code::LimitReached, message)
                .reason("keys_in_grace")
                .with("limit", MAX_GRACE_KEYS)
                .retry_after(wait),
            KeyringError::Suspended => Self::suspended(),
            KeyringError::NotFound => Self::not_found("key"),
            KeyringError::Rotated { by } => {
                let rotated = Self::new(Code::Duplicate, message).reason("key_rotated");
                match by {
                    Some(by) => rotated.with("replaced_by", by.to_string()),
                    None => rotated,
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
