use intent_store::SourceRow;
use outbound::OutboundError;

/// Why a source gave nothing this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// Nobody waits for it any longer; it may still answer.
    Late,
    /// No whole answer in time.
    TimedOut,
    /// It lets nobody in, or not us: 401, 403, 451.
    Refused,
    /// We ask too often: 429, or told so before.
    RateLimited,
    /// It cannot be reached, broke off, or answers 5xx.
    Failed,
    /// Its address, or one it redirects to, is none that may be called.
    Blocked,
    /// Its answer is larger than is read.
    TooLarge,
    /// Its answer is not what it is documented to be.
    Malformed,
}

impl Missed {
    /// The word in answers and rows.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Late => SourceRow::LATE,
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::RateLimited => "rate_limited",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
        }
    }
}

impl From<OutboundError> for Missed {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::TimedOut(_) => Self::TimedOut,
            OutboundError::Url(_) | OutboundError::NotPublic { .. } => Self::Blocked,
            OutboundError::TooLarge(_) => Self::TooLarge,
            OutboundError::NoConnection(_)
            | OutboundError::TooManyRedirects(_)
            | OutboundError::Broken(_) => Self::Failed,
        }
    }
}

impl From<serde_json::Error> for Missed {
    fn from(_: serde_json::Error) -> Self {
        Self::Malformed
    }
}
