use std::time::Duration;

use reasoning::Writer;
use types::Timestamp;

use crate::{Scored, Scores};

/// When the texts have to be there, after the start of the call: a caller has its answer within three seconds, and the
/// score is still to be kept.
const WORDED_WITHIN: Duration = Duration::from_millis(2_500);

impl Scores {
    /// The same, with a model that puts computed scores into words, if there is one. Scores in bulk are left as they are.
    #[must_use]
    pub fn worded_by(self, writer: Option<Writer>) -> Self {
        Self { writer, ..self }
    }

    /// A score that was computed for a call that began at `started`, in the words of the model if it finds any in time.
    pub(crate) async fn worded(&self, scored: Scored, started: Timestamp) -> Scored {
        let Some(writer) = &self.writer else {
            return scored;
        };
        let by = started.checked_add(WORDED_WITHIN).unwrap_or(started);
        match writer.texts(&scored.score, by).await {
            Some(texts) => Scored {
                score: scored.score.worded(texts),
                ..scored
            },
            None => scored,
        }
    }
}
