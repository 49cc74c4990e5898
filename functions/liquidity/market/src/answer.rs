use liquidity::Category;
use liquidity_store::Protocol;
use serde::Serialize;
use types::{ProtocolSlug, Timestamp, midnight};

/// A protocol. What is not known is null.
#[derive(Debug, Serialize)]
pub(crate) struct ProtocolAnswer {
    slug: ProtocolSlug,
    name: String,
    category: Category,
    issuer: Option<String>,
    blockchain: Option<String>,
    jurisdiction: Option<String>,
    aum_usd: Option<u64>,
    yield_pct: Option<f64>,
    /// 0 to 100; protocols are not scored yet.
    liquidity_score: Option<u8>,
    /// The tier of that score.
    liquidity_tier: Option<&'static str>,
    redemption_frequency: Option<String>,
    holder_count: Option<u64>,
    last_updated: Timestamp,
}

impl From<Protocol> for ProtocolAnswer {
    fn from(protocol: Protocol) -> Self {
        let chains = protocol.blockchains;
        Self {
            slug: protocol.slug,
            name: protocol.name,
            category: protocol.category,
            issuer: protocol.issuer,
            blockchain: (!chains.is_empty()).then(|| chains.join(", ")),
            jurisdiction: protocol.jurisdiction,
            aum_usd: protocol.aum_usd,
            yield_pct: protocol.yield_pct,
            liquidity_score: None,
            liquidity_tier: None,
            redemption_frequency: protocol.redemption_frequency,
            holder_count: protocol.holder_count,
            last_updated: midnight(protocol.as_of),
        }
    }
}
