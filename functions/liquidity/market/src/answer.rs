use liquidity::Category;
use liquidity_store::Protocol;
use schemars::JsonSchema;
use serde::Serialize;
use types::{ProtocolSlug, Timestamp, midnight};

/// A protocol. What is not known is null.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Protocol")]
pub(crate) struct ProtocolAnswer {
    /// What it is called in paths.
    slug: ProtocolSlug,
    /// Its full name.
    name: String,
    /// What it makes tradable.
    category: Category,
    /// Who issues it.
    issuer: Option<String>,
    /// The chains that its tokens are on, separated by commas.
    blockchain: Option<String>,
    /// Where it is issued, as an ISO 3166 code of two letters.
    jurisdiction: Option<String>,
    /// Assets under management, in whole US dollars.
    aum_usd: Option<u64>,
    /// Percent a year.
    yield_pct: Option<f64>,
    /// 0 to 100; null while protocols are not scored.
    liquidity_score: Option<u8>,
    /// The tier of that score.
    liquidity_tier: Option<&'static str>,
    /// How often tokens can be redeemed, such as `daily`.
    redemption_frequency: Option<String>,
    /// Addresses that hold the token.
    holder_count: Option<u64>,
    /// The day that the facts are of.
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
