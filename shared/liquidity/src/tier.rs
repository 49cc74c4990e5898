use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a score means for somebody who wants out. In JSON `L1`, `L2`, `L3`, `ILLIQUID`; the most liquid is the least.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[schemars(rename = "LiquidityTier")]
pub enum Tier {
    /// From 75 points.
    L1,
    /// From 50 points.
    L2,
    /// From 25 points.
    L3,
    /// Below 25 points.
    #[serde(rename = "ILLIQUID")]
    Illiquid,
}

/// Text that is not a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tier is one of L1, L2, L3, ILLIQUID")]
pub struct UnknownTier;

impl Tier {
    /// Every tier, the most liquid first.
    pub const ALL: [Self; 4] = [Self::L1, Self::L2, Self::L3, Self::Illiquid];

    /// The tier of a score.
    pub const fn of(score: u8) -> Self {
        match score {
            75.. => Self::L1,
            50.. => Self::L2,
            25.. => Self::L3,
            _ => Self::Illiquid,
        }
    }

    /// The word for the tier in requests and responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
            Self::Illiquid => "ILLIQUID",
        }
    }
}

impl FromStr for Tier {
    type Err = UnknownTier;

    fn from_str(text: &str) -> Result<Self, UnknownTier> {
        let mut all = Self::ALL.into_iter();
        all.find(|tier| tier.as_str() == text).ok_or(UnknownTier)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One value for each tier. In JSON an object with their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct PerTier<T> {
    /// Of L1.
    #[serde(rename = "L1")]
    pub l1: T,
    /// Of L2.
    #[serde(rename = "L2")]
    pub l2: T,
    /// Of L3.
    #[serde(rename = "L3")]
    pub l3: T,
    /// Of ILLIQUID.
    #[serde(rename = "ILLIQUID")]
    pub illiquid: T,
}

impl<T> PerTier<T> {
    /// What `of` makes of each tier.
    pub fn new(mut of: impl FnMut(Tier) -> T) -> Self {
        Self {
            l1: of(Tier::L1),
            l2: of(Tier::L2),
            l3: of(Tier::L3),
            illiquid: of(Tier::Illiquid),
        }
    }

    /// The value of a tier.
    pub const fn get(&self, tier: Tier) -> &T {
        match tier {
            Tier::L1 => &self.l1,
            Tier::L2 => &self.l2,
            Tier::L3 => &self.l3,
            Tier::Illiquid => &self.illiquid,
        }
    }

    /// The value of a tier, to be changed.
    pub const fn get_mut(&mut self, tier: Tier) -> &mut T {
        match tier {
            Tier::L1 => &mut self.l1,
            Tier::L2 => &mut self.l2,
            Tier::L3 => &mut self.l3,
            Tier::Illiquid => &mut self.illiquid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_begin_where_they_say() {
        let tiers = [100, 75, 74, 50, 49, 25, 24, 0].map(|score| Tier::of(score).as_str());
        assert_eq!(
            tiers,
            ["L1", "L1", "L2", "L2", "L3", "L3", "ILLIQUID", "ILLIQUID"]
        );
    }

    #[test]
    fn words_are_those_of_json() {
        for tier in Tier::ALL {
            assert_eq!(serde_json::to_value(tier).unwrap(), tier.as_str());
            assert_eq!(tier.as_str().parse(), Ok(tier));
        }
        assert_eq!("l1".parse::<Tier>(), Err(UnknownTier));
        assert_eq!(
            serde_json::to_string(&PerTier::new(Tier::as_str)).unwrap(),
            r#"{"L1":"L1","L2":"L2","L3":"L3","ILLIQUID":"ILLIQUID"}"#
        );
    }
}
