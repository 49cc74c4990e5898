use intent_store::SourceRow;
use outbound::OutboundError;

/// Why a source returned nothing this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the source did not respond: {}", self.as_str())]
pub enum SourceError {
    /// No caller waits for it any longer; it may still respond.
    Late,
    /// No complete response in time.
    TimedOut,
    /// It denies access: 401, 403, 451, or its robots.txt.
    Refused,
    /// It limits our requests, or is still within the pause that it asked for.
    RateLimited {
        /// The rest of the pause: 1 to 86,400.
        seconds: i64,
    },
    /// It cannot be connected to, or closes the connection.
    Unreachable,
    /// It returned 5xx, another status that it does not document, or redirects without end.
    Failed,
    /// Its address, or one it redirects to, must not be requested.
    Blocked,
    /// Its response is larger than is read.
    TooLarge,
    /// Its response does not have the documented format.
    Malformed,
}

impl SourceError {
    /// The reason as it is stored, and as responses of the API show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Late => SourceRow::LATE,
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unreachable | Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
        }
    }
}

impl From<OutboundError> for SourceError {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::TimedOut(_) => Self::TimedOut,
            OutboundError::Url(_) | OutboundError::Port(_) | OutboundError::NotPublic { .. } => {
                Self::Blocked
            }
            OutboundError::TooLarge(_) => Self::TooLarge,
            OutboundError::NoConnection(_)
            | OutboundError::Broken(_)
            | OutboundError::NotHttp(_) => Self::Unreachable,
            OutboundError::TooManyRedirects(_) => Self::Failed,
        }
    }
}

impl From<serde_json::Error> for SourceError {
    fn from(_: serde_json::Error) -> Self {
        Self::Malformed
    }
}
