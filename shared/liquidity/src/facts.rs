use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::{Component, CountryCode, Frequency, Observed};

/// What is known of a protocol at one moment. What is not known is absent, never 0.
///
/// A number that such a fact cannot have (negative, not finite, a share above 1) counts as not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Assets under management, US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aum_usd: Option<f64>,
    /// How tokens are redeemed.
    pub redemption: RedemptionFacts,
    /// How tokens change hands.
    pub secondary: SecondaryFacts,
    /// Who issues them.
    pub issuer: IssuerFacts,
    /// Where the issuing entity is domiciled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<CountryCode>,
    /// What manipulation would show in.
    pub checks: CheckFacts,
    /// When each component's facts were observed.
    pub observed: BTreeMap<Component, Observed>,
}

/// How tokens are redeemed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RedemptionFacts {
    /// How often, by the terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Days of notice before the dealing day, with the days to payment after it, by the terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<f64>,
    /// Days from request to payment as observed lately: the median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_days: Option<f64>,
}

/// How tokens change hands between holders. Minting and burning do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecondaryFacts {
    /// Value transferred in a month, as a multiple of AUM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_turnover: Option<f64>,
    /// Addresses that sent or received in a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_active_addresses: Option<f64>,
    /// Concentration of holders: the sum of their squared shares (Herfindahl-Hirschman), 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_hhi: Option<f64>,
}

/// Who issues the tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IssuerFacts {
    /// Who supervises the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervision: Option<Supervision>,
    /// Years since the issuer, or the manager behind it, began its business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating_years: Option<f64>,
    /// When an independent auditor last confirmed the assets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attested_at: Option<Timestamp>,
    /// Whether holders keep the assets if the issuer fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bankruptcy_remote: Option<bool>,
}

/// Who supervises an issuer, or the manager behind it. In JSON such as `registered`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "IssuerSupervision")]
pub enum Supervision {
    /// Nobody.
    None,
    /// It offers under an exemption, such as Regulation D or S, and is not supervised itself.
    Exempt,
    /// It has a licence for its conduct, such as that of a service provider for virtual assets.
    Licensed,
    /// A registered fund or a registered manager, such as of the Investment Company Act or UCITS.
    Registered,
    /// A bank, a trust company or an insurer under prudential supervision.
    Prudential,
}

impl Supervision {
    /// Every step, the weakest first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Exempt,
        Self::Licensed,
        Self::Registered,
        Self::Prudential,
    ];
}

/// What manipulation would show in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckFacts {
    /// Net asset value of a token, US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nav_usd: Option<f64>,
    /// Price of a token on the market, US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub market_price_usd: Option<f64>,
    /// Share of the active addresses that one party seems to control with others, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_address_share: Option<f64>,
    /// Share of the volume that seems to be traded by a party with itself, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wash_volume_share: Option<f64>,
}
