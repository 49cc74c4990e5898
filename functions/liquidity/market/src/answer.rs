use liquidity::{Anomaly, Category, CountryCode, Frequency, Score, Tier};
use liquidity_store::{Protocol, protocol_id};
use schemars::JsonSchema;
use serde::Serialize;
use types::{ProtocolSlug, Timestamp};

/// A protocol and its score now.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub(crate) protocol: Protocol,
    pub(crate) score: Option<Score>,
}

impl Scored {
    pub(crate) fn of(protocol: Protocol) -> Self {
        let score = protocol.monitor.score();
        Self { protocol, score }
    }

    pub(crate) fn points(&self) -> Option<u8> {
        self.score.as_ref().and_then(|score| score.score)
    }

    pub(crate) fn tier(&self) -> Option<Tier> {
        self.points().map(Tier::of)
    }

    pub(crate) fn aum_usd(&self) -> Option<f64> {
        self.protocol.monitor.scored_facts().aum_usd
    }
}

/// A protocol in short.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ProtocolName")]
pub(crate) struct Named {
    /// What it is called in paths.
    pub(crate) slug: ProtocolSlug,
    /// Its full name.
    pub(crate) name: String,
}

impl Named {
    pub(crate) fn of(protocol: &Protocol) -> Self {
        Self {
            slug: protocol.slug.clone(),
            name: protocol.name.clone(),
        }
    }
}

/// Why and since when no new score is made of a protocol. Its last good one is served.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "ScoringPause")]
pub(crate) struct PauseAnswer {
    /// What was not believed.
    reason: Anomaly,
    /// Since when.
    since: Timestamp,
}

impl PauseAnswer {
    pub(crate) fn of(protocol: &Protocol) -> Option<Self> {
        let pause = protocol.monitor.pause()?;
        Some(Self {
            reason: pause.reason,
            since: pause.since,
        })
    }
}

/// A protocol. What is not known is null.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Protocol")]
pub(crate) struct ProtocolAnswer {
    /// Its id, the same in every deployment: a UUID of version 5 of its slug.
    id: String,
    /// What it is called in paths.
    pub(crate) slug: ProtocolSlug,
    /// Its full name.
    pub(crate) name: String,
    /// What it makes tradable.
    pub(crate) category: Category,
    /// Who issues it.
    pub(crate) issuer: Option<String>,
    /// The chains that its tokens are on, separated by commas.
    pub(crate) blockchain: Option<String>,
    /// Where it is issued, as an ISO 3166 code of two letters.
    pub(crate) jurisdiction: Option<CountryCode>,
    /// Assets under management, US dollars.
    pub(crate) aum_usd: Option<f64>,
    /// Percent a year.
    pub(crate) yield_pct: Option<f64>,
    /// 0 to 100; null if too little is known.
    pub(crate) liquidity_score: Option<u8>,
    /// The tier of that score.
    pub(crate) liquidity_tier: Option<Tier>,
    /// How often tokens can be redeemed by the terms.
    pub(crate) redemption_frequency: Option<Frequency>,
    /// Addresses that hold the token.
    pub(crate) holder_count: Option<u64>,
    /// The newest date of these data.
    pub(crate) last_updated: Timestamp,
    /// When the score was computed.
    scored_at: Option<Timestamp>,
    /// Why no newer score is made; null if scores are made.
    scoring_paused: Option<PauseAnswer>,
}

impl From<&Scored> for ProtocolAnswer {
    fn from(scored: &Scored) -> Self {
        let protocol = &scored.protocol;
        let facts = protocol.monitor.scored_facts();
        let chains = &protocol.blockchains;
        Self {
            id: protocol_id(&protocol.slug).to_string(),
            slug: protocol.slug.clone(),
            name: protocol.name.clone(),
            category: protocol.category,
            issuer: protocol.issuer.clone(),
            blockchain: (!chains.is_empty()).then(|| chains.join(", ")),
            jurisdiction: facts.jurisdiction,
            aum_usd: facts.aum_usd,
            yield_pct: protocol.yield_pct,
            liquidity_score: scored.points(),
            liquidity_tier: scored.tier(),
            redemption_frequency: facts.redemption.frequency,
            holder_count: protocol.holder_count,
            last_updated: protocol.last_updated(),
            scored_at: protocol.monitor.scored_at(),
            scoring_paused: PauseAnswer::of(protocol),
        }
    }
}
