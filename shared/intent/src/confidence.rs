use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Kind;
use crate::kind::PerKind;
use crate::observed::Observed;

/// How well a score is supported: by the number of live signals, those at most four half-lives old, and by the age of the
/// newest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// No signal is known: the score of 0 says nothing about the company.
    None,
    /// Some signal, but few or old.
    Low,
    /// 3 live signals or 2 kinds of them, the newest at most 90 days old.
    Medium,
    /// 5 live signals of 3 kinds, the newest at most 30 days old.
    High,
}

impl Confidence {
    /// The word for the confidence in JSON and CSV.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The confidence in a score of these signals, newest first.
    pub(crate) fn of(observed: &[Observed]) -> Self {
        let Some(newest) = observed.first().map(Observed::age_days) else {
            return Self::None;
        };
        let mut seen = PerKind([false; Kind::ALL.len()]);
        let mut signals = 0;
        for known in observed.iter().filter(|known| known.is_live()) {
            seen[known.numbers.kind] = true;
            signals += 1;
        }
        let kinds = seen.0.iter().filter(|seen| **seen).count();
        if signals >= 5 && kinds >= 3 && newest <= 30.0 {
            Self::High
        } else if (signals >= 3 || kinds >= 2) && newest <= 90.0 {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind::{Engagement, Filing, Funding, Hiring, News};
    use crate::MODEL;
    use crate::fixtures::{now, numbers, signal};
    use crate::observed::observed_by;

    #[track_caller]
    fn check(signals: &[(Kind, i64)], confidence: &str) {
        let signals: Vec<_> = signals
            .iter()
            .map(|(kind, age)| signal(*kind, 0.5, *age))
            .collect();
        assert_eq!(
            Confidence::of(&observed_by(&MODEL, now(), &numbers(&signals))).as_str(),
            confidence
        );
    }

    #[test]
    fn coverage_and_freshness_make_confidence() {
        check(&[], "none");
        check(&[(Hiring, -1)], "none");
        check(&[(Hiring, 0)], "low");
        check(&[(Hiring, 4000)], "low");
        check(&[(Hiring, 1), (Hiring, 2)], "low");
        check(&[(Hiring, 1), (Hiring, 2), (Hiring, 3)], "medium");
        check(&[(Hiring, 90), (Funding, 90)], "medium");
        check(&[(Hiring, 91), (Funding, 91)], "low");
        check(&[(Hiring, 1), (News, 121)], "low");
        check(
            &[
                (Hiring, 30),
                (Hiring, 40),
                (Funding, 50),
                (Funding, 300),
                (Filing, 90),
            ],
            "high",
        );
        check(
            &[
                (Hiring, 31),
                (Hiring, 40),
                (Funding, 50),
                (Funding, 300),
                (Filing, 90),
            ],
            "medium",
        );
        check(
            &[
                (Hiring, 1),
                (Hiring, 2),
                (Funding, 3),
                (Funding, 3),
                (Engagement, 57),
            ],
            "medium",
        );
    }
}
