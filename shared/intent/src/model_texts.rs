use crate::{Score, TextSource};

/// The texts of a score as a language model wrote them.
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
    /// The same score with a model's texts in place of the templates.
    #[must_use]
    pub fn with_texts(self, texts: Texts) -> Self {
        Self {
            reasoning: texts.reasoning,
            reasoning_source: TextSource::Model,
            talk_track: Some(texts.talk_track),
            email_subject: Some(texts.email_subject),
            ..self
        }
    }
}
