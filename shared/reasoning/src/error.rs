/// Why the texts of a score are the template's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReasoningError {
    /// The service refused the call, failed, or could not be reached.
    #[error("the model could not be asked")]
    Call(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The call took longer than it may.
    #[error("the model took longer than {0} ms")]
    Late(u128),
    /// The answer has no text.
    #[error("the model answered no text")]
    Empty,
    /// The answer is not the JSON object that was asked for.
    #[error("the model's answer is not the object that was asked for")]
    Form(#[source] serde_json::Error),
    /// A text breaks a rule. The text itself is not told: it may hold what others wrote.
    #[error("the model's {text} {fault}")]
    Unfit {
        /// Which text.
        text: &'static str,
        /// The rule it breaks.
        fault: Fault,
    },
}

/// A rule that a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It has more characters than it may.
    #[error("is too long")]
    Long,
    /// It has more than one line, markup, or characters that no sentence needs.
    #[error("has markup or characters that a sentence does not have")]
    Markup,
    /// It leads somewhere else than to the company.
    #[error("has an address in it")]
    Link,
    /// It has a number or a date that the model was not shown.
    #[error("has a number or a date that the signals do not have")]
    Invented,
}
