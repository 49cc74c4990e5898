use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Points;

use crate::{Component, Missing, Penalties, Tier};

/// A protocol's score at one moment, with all that it consists of. The fields are those of the API's response.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "LiquidityScore")]
pub struct Score {
    /// Points, 0 to 100. None if components of less than half of the weight are known.
    pub score: Option<u8>,
    /// The tier of the score.
    pub tier: Option<Tier>,
    /// Points of assets under management, 0 to 100; none if nothing is known of the component.
    pub aum_score: Option<u8>,
    /// Points of redemption.
    pub redemption_score: Option<u8>,
    /// Points of secondary volume.
    pub secondary_volume_score: Option<u8>,
    /// Points of the issuer.
    pub issuer_score: Option<u8>,
    /// Points of the jurisdiction.
    pub jurisdiction_score: Option<u8>,
    /// What is subtracted.
    #[serde(flatten)]
    pub penalties: Penalties,
    /// How much of what a score can be based on is known and in time, 0 to 1.
    pub data_confidence: f64,
    /// Where the score would be if components that are not known had 0, or 100, points.
    pub bounds: Bounds,
    /// What each known component adds. Their sum without the penalties is the score exactly. Empty without a score.
    pub contributions: Vec<Contribution>,
    /// What is not known.
    pub missing: Vec<Missing>,
    /// The formulas used: [`METHODOLOGY_VERSION`](crate::METHODOLOGY_VERSION) at the time, with `+profile` for a customer's weights.
    pub methodology_version: String,
}

impl Score {
    /// The points of a component.
    pub const fn component(&self, component: Component) -> Option<u8> {
        match component {
            Component::Aum => self.aum_score,
            Component::Redemption => self.redemption_score,
            Component::SecondaryVolume => self.secondary_volume_score,
            Component::Issuer => self.issuer_score,
            Component::Jurisdiction => self.jurisdiction_score,
        }
    }
}

/// The least and the most points that a score can have, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "LiquidityBounds")]
pub struct Bounds {
    /// With 0 points for each component that is not known.
    pub low: u8,
    /// With 100 points for each.
    pub high: u8,
}

/// What a component adds to a score.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "LiquidityContribution")]
pub struct Contribution {
    /// The component.
    pub component: Component,
    /// Its points, 0 to 100.
    pub score: u8,
    /// Its weight among the known components, 0 to 1, rounded to four decimals.
    pub weight: f64,
    /// What it adds.
    pub contribution: Points,
}
