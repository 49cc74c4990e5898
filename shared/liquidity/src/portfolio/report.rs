use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::ProtocolSlug;

use super::liquidation::WaysOut;
use super::{
    Concentration, Holding, Holdings, Ladder, Route, StressWindow, ValidPortfolio, stress,
};
use crate::number::{positive, rounded};
use crate::{METHODOLOGY_VERSION, PerTier, Tier};

/// What a portfolio would take to sell.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PortfolioReport {
    /// The sum of all positions, US dollars.
    pub total_value_usd: f64,
    /// The mean score by value of the positions that have one, rounded to one decimal.
    pub weighted_score: Option<f64>,
    /// Its tier.
    pub tier: Option<Tier>,
    /// The share of value by tier, 0 to 1. Positions without a score are in none.
    pub share_by_tier: PerTier<f64>,
    /// The share of value without a score.
    pub share_without_score: f64,
    /// The share of a protocol's daily volume that is sold.
    pub participation_rate: f64,
    /// Days until all of it is money, all positions at once, rounded to one decimal. None if no way out of one is known.
    pub days_to_liquidate: Option<f64>,
    /// How much is money by when.
    pub ladder: Ladder,
    /// The worst 30 days of the past, if known.
    pub stress: Option<StressWindow>,
    /// By issuer.
    pub by_issuer: Concentration,
    /// By chain.
    pub by_chain: Concentration,
    /// By jurisdiction.
    pub by_jurisdiction: Concentration,
    /// Each position, the largest first.
    pub positions: Vec<PositionReport>,
    /// The formulas used.
    pub methodology_version: String,
}

/// A position.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "PortfolioPositionReport")]
pub struct PositionReport {
    /// The protocol.
    pub slug: ProtocolSlug,
    /// What it is worth, US dollars.
    pub value_usd: f64,
    /// Its share of the portfolio, 0 to 1, rounded to four decimals.
    pub share: f64,
    /// The protocol's score.
    pub liquidity_score: Option<u8>,
    /// Its tier.
    pub liquidity_tier: Option<Tier>,
    /// Its value as a share of the protocol's AUM; above 1 something is wrong.
    pub share_of_aum: Option<f64>,
    /// Days until all of it is money by the quicker way, rounded to one decimal.
    pub days_to_liquidate: Option<f64>,
    /// The quicker way.
    pub route: Option<Route>,
    /// What is not known of it.
    pub unknown: Vec<Unknown>,
}

/// What is not known of a position. In JSON such as `way_out`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "PortfolioUnknown")]
pub enum Unknown {
    /// Nothing is known of this protocol.
    Protocol,
    /// It has no score.
    Score,
    /// Its AUM.
    Aum,
    /// Neither volume nor terms of redemption by which it could be sold.
    WayOut,
    /// Its issuer.
    Issuer,
    /// Its chains.
    Chain,
    /// Its jurisdiction.
    Jurisdiction,
    /// Its AUM of the past.
    History,
}

/// The report of a portfolio, from what is known of its protocols. The order of positions does not matter.
pub fn portfolio(portfolio: &ValidPortfolio, holdings: &Holdings) -> PortfolioReport {
    let nothing = Holding::default();
    let held: Vec<(&ProtocolSlug, f64, &Holding, bool)> = portfolio
        .positions
        .iter()
        .map(|(slug, value)| {
            let known = holdings.get(slug);
            (slug, *value, known.unwrap_or(&nothing), known.is_some())
        })
        .collect();
    let total: f64 = held.iter().map(|(_, value, ..)| value).sum();
    let rate = portfolio.participation_rate;
    let ways: Vec<(f64, WaysOut)> = held
        .iter()
        .map(|(_, value, holding, _)| (*value, WaysOut::of(*value, rate, holding)))
        .collect();
    let mut positions: Vec<PositionReport> = held
        .iter()
        .zip(&ways)
        .map(
            |((slug, value, holding, is_known), (_, ways))| PositionReport {
                unknown: unknown(holding, ways, *is_known),
                ..position(slug, *value, total, holding, ways)
            },
        )
        .collect();
    positions.sort_by(|a, b| {
        b.value_usd
            .total_cmp(&a.value_usd)
            .then_with(|| a.slug.cmp(&b.slug))
    });

    let by = |names: fn(&Holding) -> Vec<String>| {
        let named = held
            .iter()
            .map(|(_, value, holding, _)| (*value, names(holding)));
        Concentration::of(&named.collect::<Vec<_>>())
    };
    let histories: Vec<_> = held
        .iter()
        .map(|(_, value, holding, _)| (*value, holding.aum_history.as_slice()))
        .collect();
    let scored = || {
        held.iter()
            .filter_map(|(_, value, holding, _)| Some((value, score(holding)?)))
    };
    let scored_value: f64 = scored().map(|(value, _)| value).sum();
    let mean = scored()
        .map(|(value, score)| value * f64::from(score))
        .sum::<f64>()
        / scored_value;
    let weighted = (scored_value > 0.0).then(|| rounded(mean, 1));
    PortfolioReport {
        total_value_usd: total,
        weighted_score: weighted,
        tier: weighted.map(|mean| Tier::of(crate::number::whole(mean))),
        share_by_tier: PerTier::new(|tier| {
            let of_tier = scored().filter(|(_, score)| Tier::of(*score) == tier);
            rounded(of_tier.map(|(value, _)| value).sum::<f64>() / total, 4)
        }),
        share_without_score: rounded((1.0 - scored_value / total).max(0.0), 4),
        participation_rate: rate,
        days_to_liquidate: slowest(&ways),
        ladder: Ladder::of(&ways),
        stress: stress::worst(&histories),
        by_issuer: by(|of| of.issuer.iter().cloned().collect()),
        by_chain: by(|of| of.blockchains.clone()),
        by_jurisdiction: by(|of| of.jurisdiction.iter().map(ToString::to_string).collect()),
        positions,
        methodology_version: METHODOLOGY_VERSION.to_owned(),
    }
}

/// Positions are sold at the same time, so the slowest decides. None if no way out of one is known.
fn slowest(ways: &[(f64, WaysOut)]) -> Option<f64> {
    let days = ways.iter().map(|(_, ways)| Some(ways.quickest()?.1));
    let days: Option<Vec<f64>> = days.collect();
    days?
        .into_iter()
        .max_by(f64::total_cmp)
        .map(|days| rounded(days, 1))
}

fn position(
    slug: &ProtocolSlug,
    value: f64,
    total: f64,
    holding: &Holding,
    ways: &WaysOut,
) -> PositionReport {
    let of_aum = positive(holding.aum_usd).map(|aum| value / aum);
    PositionReport {
        slug: slug.clone(),
        value_usd: value,
        share: rounded(value / total, 4),
        liquidity_score: score(holding),
        liquidity_tier: score(holding).map(Tier::of),
        share_of_aum: of_aum.filter(|of| of.is_finite()).map(|of| rounded(of, 6)),
        days_to_liquidate: ways.quickest().map(|(_, days)| rounded(days, 1)),
        route: ways.quickest().map(|(route, _)| route),
        unknown: Vec::new(),
    }
}

fn score(holding: &Holding) -> Option<u8> {
    holding.score.map(|score| score.min(100))
}

fn unknown(holding: &Holding, ways: &WaysOut, is_known: bool) -> Vec<Unknown> {
    if !is_known {
        return vec![Unknown::Protocol];
    }
    let unknown = [
        (holding.score.is_none(), Unknown::Score),
        (positive(holding.aum_usd).is_none(), Unknown::Aum),
        (ways.quickest().is_none(), Unknown::WayOut),
        (holding.issuer.is_none(), Unknown::Issuer),
        (holding.blockchains.is_empty(), Unknown::Chain),
        (holding.jurisdiction.is_none(), Unknown::Jurisdiction),
        (holding.aum_history.is_empty(), Unknown::History),
    ];
    let unknown = unknown.into_iter().filter(|(is_unknown, _)| *is_unknown);
    unknown.map(|(_, what)| what).collect()
}
