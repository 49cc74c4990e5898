use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a protocol makes tradable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Government bonds and money-market funds.
    Treasury,
    /// Loans and credit funds.
    PrivateCredit,
    /// Property.
    RealEstate,
    /// Metals and other goods.
    Commodity,
    /// Plants, vehicles and machines.
    Infrastructure,
}

/// Text that is not a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a category is one of treasury, private_credit, real_estate, commodity, infrastructure")]
pub struct UnknownCategory;

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] = [
        Self::Treasury,
        Self::PrivateCredit,
        Self::RealEstate,
        Self::Commodity,
        Self::Infrastructure,
    ];

    /// The name in requests and responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Treasury => "treasury",
            Self::PrivateCredit => "private_credit",
            Self::RealEstate => "real_estate",
            Self::Commodity => "commodity",
            Self::Infrastructure => "infrastructure",
        }
    }
}

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(text: &str) -> Result<Self, UnknownCategory> {
        let mut all = Self::ALL.into_iter();
        all.find(|category| category.as_str() == text)
            .ok_or(UnknownCategory)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_are_stored() {
        for category in Category::ALL {
            let stored = serde_json::to_value(category).unwrap();
            assert_eq!(stored, category.as_str());
            assert_eq!(category.as_str().parse(), Ok(category));
        }
        assert_eq!("art".parse::<Category>(), Err(UnknownCategory));
    }
}
