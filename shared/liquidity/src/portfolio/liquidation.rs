use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Holding;
use crate::assessment::days_to_payment;
use crate::number::{amount, rounded};

/// Days of a month of volume.
const MONTH: f64 = 30.0;
/// A way that takes longer is none.
const LONGEST: f64 = 36_500.0;

/// How a position is turned into money. In JSON such as `market`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "LiquidationRoute")]
pub enum Route {
    /// Sold to other holders.
    Market,
    /// Redeemed by the issuer.
    Redemption,
}

/// The ways out of a position, in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WaysOut {
    /// Until all of it is sold, the same share each day.
    market: Option<f64>,
    /// Until all of it is redeemed, at once.
    redemption: Option<f64>,
}

impl WaysOut {
    /// Value / (rate · volume of a day), and the days until a redemption is paid. Redemption is taken to pay the whole position: gates are not
    /// known.
    pub(crate) fn of(value: f64, rate: f64, holding: &Holding) -> Self {
        let volume = amount(holding.monthly_volume_usd);
        let market = volume.map(|volume| value / (rate * volume / MONTH));
        let is_way = |days: &f64| *days <= LONGEST;
        Self {
            market: market.filter(is_way),
            redemption: days_to_payment(&holding.redemption).filter(is_way),
        }
    }

    /// The quicker way, and the days until all of it is money.
    pub(crate) fn quickest(&self) -> Option<(Route, f64)> {
        let market = self.market.map(|days| (Route::Market, days));
        let redemption = self.redemption.map(|days| (Route::Redemption, days));
        match (market, redemption) {
            (Some(market), Some(redemption)) if market.1 < redemption.1 => Some(market),
            (market, redemption) => redemption.or(market),
        }
    }

    /// The share that is money within these days by the better way, 0 to 1.
    fn share_within(&self, days: f64) -> f64 {
        let sold = self
            .market
            .map_or(0.0, |all| if all <= days { 1.0 } else { days / all });
        let redeemed = self.redemption.is_some_and(|at| at <= days);
        sold.max(if redeemed { 1.0 } else { 0.0 })
    }
}

/// The share of a portfolio's value that is money within so many days, 0 to 1, rounded to four decimals: the steps of the portfolio
/// liquidity profile of AIFMD (Delegated Regulation (EU) 231/2013, annex IV). What no way out is known of is in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "LiquidityLadder")]
pub struct Ladder {
    /// Within a day.
    pub days_1: f64,
    /// Within a week.
    pub days_7: f64,
    /// Within 30 days.
    pub days_30: f64,
    /// Within 90 days.
    pub days_90: f64,
    /// Within 180 days.
    pub days_180: f64,
    /// Within a year.
    pub days_365: f64,
}

impl Ladder {
    /// Of ways out with the value of each position.
    pub(crate) fn of(positions: &[(f64, WaysOut)]) -> Self {
        let total: f64 = positions.iter().map(|(value, _)| value).sum();
        let within = |days: f64| {
            let money = positions
                .iter()
                .map(|(value, ways)| value * ways.share_within(days));
            rounded(money.sum::<f64>() / total, 4).clamp(0.0, 1.0)
        };
        Self {
            days_1: within(1.0),
            days_7: within(7.0),
            days_30: within(30.0),
            days_90: within(90.0),
            days_180: within(180.0),
            days_365: within(365.0),
        }
    }
}
