use intent::{Band, Confidence, Momentum};
use scores::Summarised;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// The results of one chunk's companies, in order.
pub(crate) type Part = Vec<RowResult>;

/// The result of one company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowResult {
    /// It was scored.
    Scored(ScoredRow),
    /// It could not be processed after several attempts.
    Failed,
}

/// The fields of a score in a row of the result file.
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
    /// Whether the company has signals, so that the row is charged.
    pub(crate) charged: bool,
}

impl RowResult {
    pub(crate) const fn is_charged(&self) -> bool {
        matches!(self, Self::Scored(ScoredRow { charged: true, .. }))
    }
}

impl From<Summarised> for RowResult {
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
