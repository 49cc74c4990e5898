//! What a portfolio of protocols would take to sell.

mod concentration;
mod liquidation;
mod report;
mod request;
mod stress;

#[cfg(test)]
mod tests;

use types::{Date, ProtocolSlug};

use crate::{CountryCode, RedemptionFacts};

pub use concentration::{Concentration, Share};
pub use liquidation::{Ladder, Route};
pub use report::{PortfolioReport, PositionReport, Unknown, portfolio};
pub use request::{PortfolioError, PortfolioRequest, Position, ValidPortfolio};
pub use stress::StressWindow;

/// What is known of a protocol that is held. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holding {
    /// Its score, 0 to 100.
    pub score: Option<u8>,
    /// Its AUM, US dollars.
    pub aum_usd: Option<f64>,
    /// Value transferred between holders in a month, US dollars.
    pub monthly_volume_usd: Option<f64>,
    /// How it is redeemed.
    pub redemption: RedemptionFacts,
    /// Who issues it.
    pub issuer: Option<String>,
    /// The chains that its tokens are on.
    pub blockchains: Vec<String>,
    /// Where the issuing entity is domiciled.
    pub jurisdiction: Option<CountryCode>,
    /// Its good AUM by day, US dollars, in any order.
    pub aum_history: Vec<(Date, f64)>,
}

/// What is known of the protocols that are held, by slug.
pub type Holdings = std::collections::BTreeMap<ProtocolSlug, Holding>;
