use intent::{Band, Confidence, Contribution, Coverage, Momentum, MoreSignals, Score, TextSource};
use serde::{Deserialize, Serialize};
use types::{Domain, Timestamp};

/// What a row of a bulk result shows of a score.
///
/// A cached score has two attributes, this and its details, which are the larger part, so that bulk jobs need not read them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Points, 0 to 100.
    pub score: u8,
    /// What they mean for a salesperson.
    pub band: Band,
    /// How well the score is supported by signals.
    pub confidence: Confidence,
    /// How many signals it is based on, listed or not.
    pub signals: usize,
    /// What was observed, and when.
    pub reasoning: String,
    /// The score compared with the company's own past.
    pub momentum: Momentum,
    /// The time the score is for, to the second.
    pub scored_at: Timestamp,
    pub(crate) model_version: String,
}

/// The rest of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Details {
    signals: Vec<Contribution>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    more_signals: Option<MoreSignals>,
    reasoning_source: TextSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    talk_track: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email_subject: Option<String>,
}

/// A summary, and whether it comes from the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Summarised {
    /// The summary; of a company without signals its score is 0.
    pub summary: Summary,
    /// Whether it comes from the cache.
    pub cached: bool,
}

impl Summarised {
    /// Whether any signal of the company is known. A score without signals is not charged.
    pub const fn has_signals(&self) -> bool {
        self.summary.signals > 0
    }
}

impl Summary {
    /// Splits a score into its summary and details.
    pub(crate) fn split(score: Score) -> (Self, Details) {
        let more = score.more_signals.map_or(0, |more| more.count);
        let summary = Self {
            score: score.score,
            band: score.band,
            confidence: score.confidence,
            signals: score.signals.len() + more,
            reasoning: score.reasoning,
            momentum: score.momentum,
            scored_at: score.scored_at,
            model_version: score.model_version,
        };
        let details = Details {
            signals: score.signals,
            more_signals: score.more_signals,
            reasoning_source: score.reasoning_source,
            coverage: score.coverage,
            talk_track: score.talk_track,
            email_subject: score.email_subject,
        };
        (summary, details)
    }

    /// The score that was split.
    pub(crate) fn with(self, domain: Domain, details: Details) -> Score {
        Score {
            domain,
            score: self.score,
            band: self.band,
            confidence: self.confidence,
            signals: details.signals,
            more_signals: details.more_signals,
            reasoning: self.reasoning,
            reasoning_source: details.reasoning_source,
            coverage: details.coverage,
            talk_track: details.talk_track,
            email_subject: details.email_subject,
            momentum: self.momentum,
            scored_at: self.scored_at,
            model_version: self.model_version,
        }
    }
}
