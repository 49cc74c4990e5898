use http::StatusCode;

/// The kind of an error. The names are part of the API's contract; details are in `reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A parameter or the body is not valid.
    BadRequest,
    /// The key is missing, malformed, unknown or revoked.
    Unauthorized,
    /// There are not enough credits.
    InsufficientCredits,
    /// The plan does not include this.
    PlanRequired,
    /// The key lacks the scope, or is another product's.
    Forbidden,
    /// There is no such route or object, or it is another customer's.
    NotFound,
    /// The same request is in progress.
    InProgress,
    /// It exists already, or has been done.
    Duplicate,
    /// The route does not have this method.
    MethodNotAllowed,
    /// The body is larger than the route accepts.
    TooLarge,
    /// The body's media type is not one that the route accepts.
    UnsupportedMediaType,
    /// The idempotency key was used for another request.
    IdempotencyMismatch,
    /// Over a limit of calls, or of objects at once.
    LimitReached,
    /// Our fault.
    Internal,
    /// A service that we call does not respond; the same call may succeed a little later.
    Unavailable,
}

impl Code {
    /// The name in responses and the status that it is sent with.
    pub const fn wire(self) -> (&'static str, StatusCode) {
        match self {
            Self::BadRequest => ("BAD_REQUEST", StatusCode::BAD_REQUEST),
            Self::Unauthorized => ("UNAUTHORIZED", StatusCode::UNAUTHORIZED),
            Self::InsufficientCredits => ("INSUFFICIENT_CREDITS", StatusCode::PAYMENT_REQUIRED),
            Self::PlanRequired => ("PLAN_REQUIRED", StatusCode::PAYMENT_REQUIRED),
            Self::Forbidden => ("FORBIDDEN", StatusCode::FORBIDDEN),
            Self::NotFound => ("NOT_FOUND", StatusCode::NOT_FOUND),
            Self::InProgress => ("IN_PROGRESS", StatusCode::CONFLICT),
            Self::Duplicate => ("DUPLICATE", StatusCode::CONFLICT),
            Self::MethodNotAllowed => ("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED),
            Self::TooLarge => ("TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => {
                ("UNSUPPORTED_MEDIA_TYPE", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::IdempotencyMismatch => ("IDEMPOTENCY_MISMATCH", StatusCode::UNPROCESSABLE_ENTITY),
            Self::LimitReached => ("LIMIT_REACHED", StatusCode::TOO_MANY_REQUESTS),
            Self::Internal => ("INTERNAL_ERROR", StatusCode::INTERNAL_SERVER_ERROR),
            Self::Unavailable => ("UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}
