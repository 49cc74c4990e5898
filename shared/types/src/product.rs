use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the API products that are sold on the shared core. A key belongs to exactly one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Buying-intent scores of companies.
    Intent,
    /// Search and enrichment of people and companies.
    Leads,
    /// Liquidity scores of tokenised real-world assets.
    Liquidity,
    /// Clients and messages.
    Portal,
}

impl Product {
    /// Every product, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Intent, Self::Leads, Self::Liquidity, Self::Portal];

    /// The name in keys, logs and responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Leads => "leads",
            Self::Liquidity => "liquidity",
            Self::Portal => "portal",
        }
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Product {
    type Err = UnknownProduct;

    fn from_str(text: &str) -> Result<Self, UnknownProduct> {
        Self::ALL
            .into_iter()
            .find(|product| product.as_str() == text)
            .ok_or(UnknownProduct)
    }
}

/// Text that is not the name of a product.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown product; use one of intent, leads, liquidity, portal")]
pub struct UnknownProduct;
