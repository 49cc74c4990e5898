use intent::Coverage;
use types::{Timestamp, whole_second};

use crate::Scored;

/// What came of asking public sources before a score was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// Who answered and who did not.
    pub coverage: Coverage,
    /// For how many seconds that holds, where a source is missing and will be asked again.
    pub good_for: Option<i64>,
}

impl Scored {
    /// The score with what it rests on. It is kept no longer than that holds.
    pub(crate) fn covered(self, sources: Option<Sources>, now: Timestamp) -> Self {
        let Some(sources) = sources else {
            return self;
        };
        let ends = sources
            .good_for
            .and_then(|seconds| Timestamp::from_second(now.as_second() + seconds).ok())
            .map_or(self.expires_at, whole_second);
        Self {
            score: self.score.covered(sources.coverage),
            expires_at: self.expires_at.min(ends),
            ..self
        }
    }
}
