use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::{Confidence, Score};

/// Which public sources a score is based on, where sources are queried.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Coverage {
    /// The sources whose result is known, in the order in which they are configured.
    pub answered: Vec<Answered>,
    /// The sources that did not respond when they were last queried.
    pub missing: Vec<Missing>,
}

/// A source whose result is known.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Answered {
    /// Its name, which is the `source` of its signals.
    pub source: String,
    /// When it responded, to the second.
    pub at: Timestamp,
}

/// A source that did not respond.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Missing {
    /// Its name.
    pub source: String,
    /// Why, as a stable word for programs.
    pub reason: String,
    /// When it may be queried again, by the first score from then on.
    pub retry_at: Timestamp,
}

impl Coverage {
    /// Steps by which the confidence is lower than what the signals alone would give.
    fn steps(&self) -> usize {
        let missing = self.missing.len();
        let all = self.answered.len() + missing;
        usize::from(missing > 0) + usize::from(missing > 0 && missing * 2 >= all)
    }
}

impl Score {
    /// The score with its coverage. A source that did not respond may know something, so the confidence is lower by a step,
    /// or by two if at least half of the sources are missing, but not below low if there is a signal.
    #[must_use]
    pub fn covered(self, coverage: Coverage) -> Self {
        let mut confidence = self.confidence;
        for _ in 0..coverage.steps() {
            confidence = confidence.lowered();
        }
        Self {
            confidence,
            coverage: Some(coverage),
            ..self
        }
    }
}

impl Confidence {
    /// One step lower.
    const fn lowered(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Low | Self::Medium => Self::Low,
            Self::High => Self::Medium,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::fixtures::{domain, now, signal};

    fn confidence(answered: usize, missing: usize) -> &'static str {
        let kinds = [
            Kind::Hiring,
            Kind::News,
            Kind::Funding,
            Kind::Hiring,
            Kind::News,
        ];
        let signals: Vec<_> = kinds
            .iter()
            .zip(1..)
            .map(|(kind, age)| signal(*kind, 0.5, age))
            .collect();
        let source = || "x".to_owned();
        let coverage = Coverage {
            answered: (0..answered)
                .map(|_| Answered {
                    source: source(),
                    at: now(),
                })
                .collect(),
            missing: (0..missing)
                .map(|_| Missing {
                    source: source(),
                    reason: "failed".to_owned(),
                    retry_at: now(),
                })
                .collect(),
        };
        crate::score(&domain(), &signals, now())
            .covered(coverage)
            .confidence
            .as_str()
    }

    #[test]
    fn missing_sources_lower_the_confidence() {
        assert_eq!(confidence(0, 0), "high");
        assert_eq!(confidence(8, 0), "high");
        assert_eq!(confidence(7, 1), "medium");
        assert_eq!(confidence(5, 4), "medium");
        assert_eq!(confidence(4, 4), "low");
        assert_eq!(confidence(0, 8), "low");
    }

    #[test]
    fn without_signals_confidence_is_none_and_without_sources_coverage_is_absent() {
        let score = crate::score(&domain(), &[], now());
        assert!(!serde_json::to_string(&score).unwrap().contains("coverage"));
        let covered = score.covered(Coverage::default());
        assert_eq!(covered.confidence, Confidence::None);
        assert!(
            serde_json::to_string(&covered)
                .unwrap()
                .contains("coverage")
        );
    }
}
