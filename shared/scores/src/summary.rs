use intent::{Band, Confidence, Contribution, Coverage, Momentum, MoreSignals, Score, TextSource};
use serde::{Deserialize, Serialize};
use types::{Domain, Timestamp};

/// What a line of a bulk result says of a score.
///
/// Kept scores lie in two attributes, this and the details, which are most of them, so that who needs no details does not read them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Points, 0 to 100.
    pub score: u8,
    /// What they mean for a salesperson.
    pub band: Band,
    /// How much the score rests on.
    pub confidence: Confidence,
    /// How many signals are behind it, listed or not.
    pub signals: usize,
    /// What was observed, and when.
    pub reasoning: String,
    /// The score against the company's own past.
    pub momentum: Momentum,
    /// The moment the score is for, to the second.
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

/// A summary with how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Summarised {
    /// The summary; of a company without signals its score is 0.
    pub summary: Summary,
    /// Whether it was kept from before.
    pub cached: bool,
}

impl Summarised {
    /// Whether anything is known of the company. An answer without signals is not charged.
    pub const fn has_signals(&self) -> bool {
        self.summary.signals > 0
    }
}

impl Summary {
    /// Takes a score apart.
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

    /// The score that was taken apart.
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
