use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Component;

/// A fact that a score can be based on. In JSON its place in [`Facts`](crate::Facts), such as `redemption.notice_days`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[schemars(rename = "MissingFactName")]
pub enum Fact {
    /// Assets under management.
    #[serde(rename = "aum_usd")]
    Aum,
    /// How often tokens are redeemed.
    #[serde(rename = "redemption.frequency")]
    RedemptionFrequency,
    /// Notice before a redemption.
    #[serde(rename = "redemption.notice_days")]
    RedemptionNotice,
    /// How long redemptions took.
    #[serde(rename = "redemption.observed_days")]
    RedemptionObserved,
    /// Turnover between holders.
    #[serde(rename = "secondary.monthly_turnover")]
    Turnover,
    /// Active addresses.
    #[serde(rename = "secondary.monthly_active_addresses")]
    ActiveAddresses,
    /// Concentration of holders.
    #[serde(rename = "secondary.holder_hhi")]
    HolderConcentration,
    /// Who supervises the issuer.
    #[serde(rename = "issuer.supervision")]
    Supervision,
    /// How long the issuer has operated.
    #[serde(rename = "issuer.operating_years")]
    OperatingYears,
    /// The last attestation of the assets.
    #[serde(rename = "issuer.attested_at")]
    Attestation,
    /// Whether holders keep the assets if the issuer fails.
    #[serde(rename = "issuer.bankruptcy_remote")]
    BankruptcyRemote,
    /// The domicile.
    #[serde(rename = "jurisdiction")]
    Jurisdiction,
    /// NAV and market price.
    #[serde(rename = "checks.market_price_usd")]
    NavDivergence,
    /// Linked addresses.
    #[serde(rename = "checks.linked_address_share")]
    LinkedAddresses,
    /// Wash trades.
    #[serde(rename = "checks.wash_volume_share")]
    WashTrades,
}

/// The part of `data_confidence` that the components' facts make up; the rest is that of the three checks.
pub(crate) const COMPONENTS_PART: f64 = 0.85;
/// The part of each check.
pub(crate) const CHECK_PART: f64 = 0.05;

impl Fact {
    /// Every fact, in the order of [`Facts`](crate::Facts).
    pub const ALL: [Self; 15] = [
        Self::Aum,
        Self::RedemptionFrequency,
        Self::RedemptionNotice,
        Self::RedemptionObserved,
        Self::Turnover,
        Self::ActiveAddresses,
        Self::HolderConcentration,
        Self::Supervision,
        Self::OperatingYears,
        Self::Attestation,
        Self::BankruptcyRemote,
        Self::Jurisdiction,
        Self::NavDivergence,
        Self::LinkedAddresses,
        Self::WashTrades,
    ];

    /// The component that it is a fact of; none for the facts of penalties.
    pub const fn component(self) -> Option<Component> {
        match self {
            Self::Aum => Some(Component::Aum),
            Self::RedemptionFrequency | Self::RedemptionNotice | Self::RedemptionObserved => {
                Some(Component::Redemption)
            }
            Self::Turnover | Self::ActiveAddresses | Self::HolderConcentration => {
                Some(Component::SecondaryVolume)
            }
            Self::Supervision
            | Self::OperatingYears
            | Self::Attestation
            | Self::BankruptcyRemote => Some(Component::Issuer),
            Self::Jurisdiction => Some(Component::Jurisdiction),
            Self::NavDivergence | Self::LinkedAddresses | Self::WashTrades => None,
        }
    }

    /// Its share of its component, by which known facts are averaged and confidence is counted: those of a component add
    /// up to 1. 1 for the facts of penalties.
    pub const fn share(self) -> f64 {
        match self {
            Self::RedemptionFrequency | Self::Turnover => 0.5,
            Self::RedemptionNotice
            | Self::RedemptionObserved
            | Self::ActiveAddresses
            | Self::HolderConcentration => 0.25,
            Self::Supervision => 0.4,
            Self::OperatingYears | Self::Attestation | Self::BankruptcyRemote => 0.2,
            Self::Aum
            | Self::Jurisdiction
            | Self::NavDivergence
            | Self::LinkedAddresses
            | Self::WashTrades => 1.0,
        }
    }

    /// What would have to be known.
    pub const fn needed(self) -> &'static str {
        match self {
            Self::Aum => {
                "assets under management in US dollars, from the issuer or from token supply and NAV"
            }
            Self::RedemptionFrequency => {
                "how often tokens can be redeemed by the fund's documents, such as daily"
            }
            Self::RedemptionNotice => "days of notice and days to payment by the fund's documents",
            Self::RedemptionObserved => "median days from request to payment of recent redemptions",
            Self::Turnover => {
                "value transferred between holders in a month, without minting and burning, over AUM"
            }
            Self::ActiveAddresses => {
                "addresses that sent or received tokens in a month, on all chains"
            }
            Self::HolderConcentration => "balances of holders, for the sum of their squared shares",
            Self::Supervision => "who supervises the issuer or its manager",
            Self::OperatingYears => "when the issuer or its manager began its business",
            Self::Attestation => "date of the last independent attestation or audit of the assets",
            Self::BankruptcyRemote => "whether the assets are kept apart from the issuer's own",
            Self::Jurisdiction => "where the issuing entity is domiciled, as an ISO 3166 code",
            Self::NavDivergence => "net asset value and market price of a token at one time",
            Self::LinkedAddresses => "share of active addresses that are linked to each other",
            Self::WashTrades => "share of the volume that parties trade with themselves",
        }
    }
}

/// A fact that is not known, and what would be needed.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "MissingFact")]
pub struct Missing {
    /// The fact.
    pub fact: Fact,
    /// What would have to be known.
    pub needed: String,
    /// What `data_confidence` would gain by it, if it is in time.
    pub data_confidence_gain: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_component_add_up_and_parts_of_confidence_do() {
        for component in Component::ALL {
            let facts = Fact::ALL
                .iter()
                .filter(|fact| fact.component() == Some(component));
            let sum: f64 = facts.map(|fact| fact.share()).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{component}");
        }
        assert!((COMPONENTS_PART + 3.0 * CHECK_PART - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_fact_is_named_by_its_place() {
        let names: Vec<_> = Fact::ALL
            .iter()
            .map(|fact| serde_json::to_value(fact).unwrap())
            .collect();
        let facts = serde_json::to_value(crate::fixtures::facts()).unwrap();
        for name in names {
            let path = format!("/{}", name.as_str().unwrap().replace('.', "/"));
            assert!(facts.pointer(&path).is_some(), "{path}");
        }
    }
}
