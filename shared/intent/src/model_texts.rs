use crate::{Score, TextSource};

/// What a language model makes of a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// What was observed, and when.
    pub reasoning: String,
    /// How a salesperson may open a call.
    pub talk_track: String,
    /// A subject for a first e-mail, of at most 78 characters.
    pub email_subject: String,
}

impl Score {
    /// The same score in the words of a model.
    #[must_use]
    pub fn worded(self, texts: Texts) -> Self {
        Self {
            reasoning: texts.reasoning,
            reasoning_source: TextSource::Model,
            talk_track: Some(texts.talk_track),
            email_subject: Some(texts.email_subject),
            ..self
        }
    }
}
