use intent::{Band, Confidence, Contribution, Coverage, Momentum, MoreSignals, TextSource};
use schemars::JsonSchema;
use scores::Scored;
use serde::Serialize;
use types::{Credits, Domain, Timestamp};

use crate::query::ScoreQuery;

/// A company's score.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "CompanyScore")]
pub(crate) struct Answer {
    /// The company.
    domain: Domain,
    /// Points.
    #[schemars(range(max = 100))]
    score: u8,
    /// What the score means for a salesperson.
    band: Band,
    /// How well the score is supported by signals.
    confidence: Confidence,
    /// Which public sources it is based on; absent where no source is queried.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    /// The signals behind the score, largest contribution first, at most 50; absent with `include_signals=false`. The contributions,
    /// with that of `more_signals`, add up to `score` exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    signals: Option<Vec<Contribution>>,
    /// The signals that are not listed, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_signals: Option<MoreSignals>,
    /// One to three sentences on what was observed, and when.
    reasoning: String,
    /// Who wrote the texts.
    reasoning_source: TextSource,
    /// How to open a call, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    talk_track: Option<String>,
    /// A subject for an e-mail of at most 78 characters, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_subject: Option<String>,
    /// The score compared with the company's own past.
    momentum: Momentum,
    /// The moment the score is for.
    scored_at: Timestamp,
    /// Until when the same score is returned, unless a signal is written.
    expires_at: Timestamp,
    /// Whether it was computed by an earlier call.
    cached: bool,
    /// What the call cost: 1, or 0 without signals.
    credits_charged: Credits,
    /// The formula and table used.
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
