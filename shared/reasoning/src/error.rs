/// Why a score has the templates' texts.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReasoningError {
    /// The service refused the call, failed, or could not be reached.
    #[error("the model could not be called")]
    Call(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The call took longer than its time limit.
    #[error("the model took longer than {0} ms")]
    Late(u128),
    /// The response has no text.
    #[error("the model's response has no text")]
    Empty,
    /// The response is not the requested JSON object.
    #[error("the model's response is not the requested JSON object")]
    Format(#[source] serde_json::Error),
    /// A text breaks a rule. The text itself is not logged: it may contain third-party text.
    #[error("the model's {text} {fault}")]
    Rejected {
        /// Which text.
        text: &'static str,
        /// The rule it breaks.
        fault: Fault,
    },
}

/// A rule that a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// It has no characters.
    #[error("is empty")]
    Empty,
    /// It has too many characters.
    #[error("is too long")]
    Long,
    /// It has more than one line, markup, or characters that a sentence does not need.
    #[error("has markup or characters that a sentence does not have")]
    Markup,
    /// It has an address other than the company's.
    #[error("has an address in it")]
    Link,
    /// It has a number or a date that the model was not shown.
    #[error("has a number or a date that the signals do not have")]
    Invented,
}
