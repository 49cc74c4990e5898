use intent::{Band, Confidence, Momentum};
use scores::Summarised;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// The answers to one chunk's companies, in their order.
pub(crate) type Part = Vec<RowAnswer>;

/// What became of one company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowAnswer {
    /// It has a score.
    Scored(ScoredRow),
    /// It could not be processed after several attempts.
    Failed,
}

/// The part of a score that a line of the result has room for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ScoredRow {
    pub(crate) score: u8,
    pub(crate) band: Band,
    pub(crate) confidence: Confidence,
    pub(crate) signals: usize,
    pub(crate) momentum: Momentum,
    pub(crate) reasoning: String,
    pub(crate) scored_at: Timestamp,
    pub(crate) cached: bool,
    /// Whether anything is known of the company, and the row is charged.
    pub(crate) charged: bool,
}

impl RowAnswer {
    pub(crate) const fn is_charged(&self) -> bool {
        matches!(self, Self::Scored(ScoredRow { charged: true, .. }))
    }
}

impl From<Summarised> for RowAnswer {
    fn from(scored: Summarised) -> Self {
        let charged = scored.has_signals();
        let Summarised { summary, cached } = scored;
        Self::Scored(ScoredRow {
            score: summary.score,
            band: summary.band,
            confidence: summary.confidence,
            signals: summary.signals,
            momentum: summary.momentum,
            reasoning: summary.reasoning,
            scored_at: summary.scored_at,
            cached,
            charged,
        })
    }
}
