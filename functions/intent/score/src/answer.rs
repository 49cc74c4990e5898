use intent::{Band, Confidence, Contribution, Coverage, Momentum, MoreSignals, TextSource};
use scores::Scored;
use serde::Serialize;
use types::{Credits, Domain, Timestamp};

use crate::query::ScoreQuery;

/// The response of `GET /api/v1/score`.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    domain: Domain,
    score: u8,
    band: Band,
    confidence: Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signals: Option<Vec<Contribution>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more_signals: Option<MoreSignals>,
    reasoning: String,
    reasoning_source: TextSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    talk_track: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_subject: Option<String>,
    momentum: Momentum,
    scored_at: Timestamp,
    expires_at: Timestamp,
    cached: bool,
    credits_charged: Credits,
    model_version: String,
}

impl Answer {
    pub(crate) fn of(scored: Scored, query: &ScoreQuery, credits_charged: Credits) -> Self {
        let Scored {
            score,
            expires_at,
            cached,
        } = scored;
        Self {
            talk_track: query.talk_track.then(|| intent::talk_track(&score)),
            email_subject: query.email_subject.then(|| intent::email_subject(&score)),
            domain: score.domain,
            score: score.score,
            band: score.band,
            confidence: score.confidence,
            coverage: score.coverage,
            signals: query.signals.then_some(score.signals),
            more_signals: score.more_signals.filter(|_| query.signals),
            reasoning: score.reasoning,
            reasoning_source: score.reasoning_source,
            momentum: score.momentum,
            scored_at: score.scored_at,
            expires_at,
            cached,
            credits_charged,
            model_version: score.model_version,
        }
    }
}
