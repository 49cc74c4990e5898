/// Why a text or number is no part of a signal. The message is fit for the caller.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IntentError {
    /// Not a word of [`Kind`](crate::Kind).
    #[error("{given:?} is not a kind of signal; use one of {}", kinds())]
    UnknownKind {
        /// What was given, at most 40 characters of it.
        given: String,
    },
    /// Not from 0.001 to 1, or not a number.
    #[error("strength must be from 0.001 to 1, not {given}")]
    StrengthOutOfRange {
        /// What was given.
        given: f64,
    },
}

impl IntentError {
    /// A stable word for programs, used as `reason` in answers and error files.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::UnknownKind { .. } => "kind_unknown",
            Self::StrengthOutOfRange { .. } => "strength_out_of_range",
        }
    }
}

fn kinds() -> String {
    crate::Kind::ALL.map(crate::Kind::as_str).join(", ")
}
