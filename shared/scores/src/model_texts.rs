use std::time::Duration;

use reasoning::Writer;
use types::Timestamp;

use crate::{Scored, Scores};

/// When the model's texts are due, after the start of the call: a caller gets its response within three seconds, and the score
/// has to be cached before.
const TEXTS_DUE: Duration = Duration::from_millis(2_500);

impl Scores {
    /// The same with a language model, if there is one, that writes the texts of computed scores. Bulk jobs do not use it.
    #[must_use]
    pub fn with_writer(self, writer: Option<Writer>) -> Self {
        Self { writer, ..self }
    }

    /// A score that was computed for a call that began at `started`, with the model's texts if they are there in time.
    pub(crate) async fn with_model_texts(&self, scored: Scored, started: Timestamp) -> Scored {
        let Some(writer) = &self.writer else {
            return scored;
        };
        let deadline = started.checked_add(TEXTS_DUE).unwrap_or(started);
        match writer.texts(&scored.score, deadline).await {
            Some(texts) => Scored {
                score: scored.score.with_texts(texts),
                ..scored
            },
            None => scored,
        }
    }
}
