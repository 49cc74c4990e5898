use liquidity::Category;
use serde::{Deserialize, Serialize};
use types::{Date, ProtocolSlug};

/// What is known of a protocol. A fact that no source states is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// What it makes tradable.
    pub category: Category,
    /// Who issues it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Where it is issued, as an ISO 3166 code of two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// The chains that its tokens are on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blockchains: Vec<String>,
    /// Assets under management, in whole US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aum_usd: Option<u64>,
    /// Percent a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yield_pct: Option<f64>,
    /// How often tokens can be redeemed, such as `daily`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redemption_frequency: Option<String>,
    /// How many addresses hold its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_count: Option<u64>,
    /// The day that the facts are of.
    pub as_of: Date,
    /// Where they are from.
    pub source: String,
}
