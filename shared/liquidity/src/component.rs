use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Cadence;

/// A part of the score.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "LiquidityComponent")]
pub enum Component {
    /// How much there is.
    Aum,
    /// How soon the issuer pays back.
    Redemption,
    /// How much changes hands without the issuer.
    SecondaryVolume,
    /// Who stands behind it.
    Issuer,
    /// Under whose law.
    Jurisdiction,
}

impl Component {
    /// Every component, in the order of the response.
    pub const ALL: [Self; 5] = [
        Self::Aum,
        Self::Redemption,
        Self::SecondaryVolume,
        Self::Issuer,
        Self::Jurisdiction,
    ];

    /// How often sources renew such facts, if they do not say: prices and amounts daily, what is counted on chains monthly, terms and
    /// registers yearly.
    pub const fn cadence(self) -> Cadence {
        match self {
            Self::Aum => Cadence::Daily,
            Self::SecondaryVolume => Cadence::Monthly,
            Self::Redemption | Self::Issuer | Self::Jurisdiction => Cadence::Yearly,
        }
    }

    /// The word for the component in JSON and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aum => "aum",
            Self::Redemption => "redemption",
            Self::SecondaryVolume => "secondary_volume",
            Self::Issuer => "issuer",
            Self::Jurisdiction => "jurisdiction",
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One value for each component. In JSON the names of a scoring profile, such as `secondaryVolume`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerComponent<T> {
    /// Of [`Component::Aum`].
    pub aum: T,
    /// Of [`Component::Redemption`].
    pub redemption: T,
    /// Of [`Component::SecondaryVolume`].
    pub secondary_volume: T,
    /// Of [`Component::Issuer`].
    pub issuer: T,
    /// Of [`Component::Jurisdiction`].
    pub jurisdiction: T,
}

impl<T> PerComponent<T> {
    /// What `of` makes of each component.
    pub fn new(mut of: impl FnMut(Component) -> T) -> Self {
        Self {
            aum: of(Component::Aum),
            redemption: of(Component::Redemption),
            secondary_volume: of(Component::SecondaryVolume),
            issuer: of(Component::Issuer),
            jurisdiction: of(Component::Jurisdiction),
        }
    }

    /// The value of a component.
    pub const fn get(&self, component: Component) -> &T {
        match component {
            Component::Aum => &self.aum,
            Component::Redemption => &self.redemption,
            Component::SecondaryVolume => &self.secondary_volume,
            Component::Issuer => &self.issuer,
            Component::Jurisdiction => &self.jurisdiction,
        }
    }

    /// The value of a component, to be changed.
    pub const fn get_mut(&mut self, component: Component) -> &mut T {
        match component {
            Component::Aum => &mut self.aum,
            Component::Redemption => &mut self.redemption,
            Component::SecondaryVolume => &mut self.secondary_volume,
            Component::Issuer => &mut self.issuer,
            Component::Jurisdiction => &mut self.jurisdiction,
        }
    }
}
