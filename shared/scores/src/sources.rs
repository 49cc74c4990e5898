use collect::{Collected, Collectors};
use types::{Chain, Domain, Timestamp, whole_second};

use crate::{Scored, Scores};

impl Scores {
    /// The same with collectors, if there are any: public sources are queried about a company without a fresh cached score.
    /// Bulk jobs query none.
    #[must_use]
    pub fn with_collectors(self, collectors: Option<Collectors>) -> Self {
        Self { collectors, ..self }
    }

    /// Queries the sources of a company that are due. None if there are none, or if they could not be queried: the score is
    /// then computed from what is known.
    pub(crate) async fn collect(&self, domain: &Domain, now: Timestamp) -> Option<Collected> {
        let collectors = self.collectors.as_ref()?;
        collectors
            .collect(domain, now)
            .await
            .inspect_err(
                |error| tracing::warn!(error = %Chain(error), "public sources could not be queried"),
            )
            .ok()
    }
}

impl Scored {
    /// The score with its coverage. It is cached no longer than the coverage is valid.
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
