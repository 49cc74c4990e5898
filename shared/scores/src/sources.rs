use collect::{Collected, Collectors};
use types::{Chain, Domain, Timestamp, whole_second};

use crate::{Scored, Scores};

impl Scores {
    /// The same, asking public sources about a company of which no fresh score is kept, if there are collectors. Bulk asks
    /// nobody.
    #[must_use]
    pub fn asking(self, collectors: Option<Collectors>) -> Self {
        Self { collectors, ..self }
    }

    /// Asks the sources of a company that are due. None if there are none, or if they could not be asked: what is known
    /// already still makes a score.
    pub(crate) async fn ask(&self, domain: &Domain, now: Timestamp) -> Option<Collected> {
        let collectors = self.collectors.as_ref()?;
        collectors
            .collect(domain, now)
            .await
            .inspect_err(
                |error| tracing::warn!(error = %Chain(error), "public sources could not be asked"),
            )
            .ok()
    }
}

impl Scored {
    /// The score with what it rests on. It is kept no longer than that holds.
    pub(crate) fn covered(self, collected: Option<Collected>, now: Timestamp) -> Self {
        let Some(collected) = collected else {
            return self;
        };
        let ends = collected
            .good_for
            .and_then(|seconds| Timestamp::from_second(now.as_second() + seconds).ok())
            .map_or(self.expires_at, whole_second);
        Self {
            score: self.score.covered(collected.coverage),
            expires_at: self.expires_at.min(ends),
            ..self
        }
    }
}
