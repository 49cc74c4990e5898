use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Points, Timestamp};

use crate::number::{positive, share};
use crate::{Component, Facts, PenaltyCaps};

/// One value for each penalty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PerPenalty<T> {
    pub(crate) nav: T,
    pub(crate) sybil: T,
    pub(crate) staleness: T,
    pub(crate) wash_trade: T,
}

impl<T: Copy> PerPenalty<T> {
    pub(crate) const fn all(&self) -> [T; 4] {
        [self.nav, self.sybil, self.staleness, self.wash_trade]
    }

    pub(crate) fn map<U>(self, of: impl Fn(T) -> U) -> PerPenalty<U> {
        PerPenalty {
            nav: of(self.nav),
            sybil: of(self.sybil),
            staleness: of(self.staleness),
            wash_trade: of(self.wash_trade),
        }
    }
}

/// What is subtracted from a score, in points after all caps. Whatever cannot be checked is not subtracted; it is in
/// `missing`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "LiquidityPenalties")]
pub struct Penalties {
    /// For a market price away from net asset value.
    pub nav_divergence_penalty: Points,
    /// For active addresses that seem to be one party.
    pub sybil_penalty: Points,
    /// For data older than their source promises.
    pub staleness_penalty: Points,
    /// For volume that a party seems to trade with itself.
    pub wash_trade_penalty: Points,
}

impl Penalties {
    /// Their sum.
    pub const fn total(&self) -> Points {
        Points::from_tenths(
            self.nav_divergence_penalty.tenths()
                + self.sybil_penalty.tenths()
                + self.staleness_penalty.tenths()
                + self.wash_trade_penalty.tenths(),
        )
    }
}

/// A deviation up to which a price counts as that of NAV: half of one percent, at which a money-market fund has to consider
/// leaving its stable price (Rule 2a-7 under the Investment Company Act, 17 CFR 270.2a-7).
const NAV_TOLERANCE: f64 = 0.005;
/// Points for each further percent.
const NAV_POINTS: f64 = 3.0;

/// The part of what a detector flags that costs nothing: it errs.
const FLAGGED_TOLERANCE: f64 = 0.1;

/// Points for each SLA of delay.
const STALENESS_POINTS: f64 = 10.0;

/// Points of each penalty before any cap, 0 or more. None for what cannot be checked.
pub(crate) fn raw(facts: &Facts, now: Timestamp) -> PerPenalty<Option<f64>> {
    let checks = &facts.checks;
    let nav = positive(checks.nav_usd).zip(positive(checks.market_price_usd));
    PerPenalty {
        nav: nav.map(|(nav, price)| {
            // Of two positive numbers; infinite where they are too far apart to divide.
            let divergence = (price / nav - 1.0).abs();
            (100.0 * NAV_POINTS * (divergence - NAV_TOLERANCE)).max(0.0)
        }),
        sybil: share(checks.linked_address_share).map(flagged),
        staleness: staleness(facts, now),
        wash_trade: share(checks.wash_volume_share).map(flagged),
    }
}

/// A point for each percent that is flagged beyond the tolerance.
fn flagged(share: f64) -> f64 {
    100.0 * (share - FLAGGED_TOLERANCE).max(0.0)
}

/// Of the component whose data are most overdue. Data dated after `now` are not used, so they cost nothing.
fn staleness(facts: &Facts, now: Timestamp) -> Option<f64> {
    let observed = Component::ALL
        .into_iter()
        .filter_map(|of| facts.observed.get(&of));
    let overdue = observed.map(|observed| observed.age_in_slas(now) - 1.0);
    overdue
        .max_by(f64::total_cmp)
        .map(|worst| STALENESS_POINTS * worst.max(0.0))
}

/// What of the penalties is subtracted from `base`, in points: each up to its cap, together up to the total cap, and no more
/// than there is. What goes beyond the last two is taken from each in proportion.
pub(crate) fn effective(
    raw: &PerPenalty<Option<f64>>,
    caps: &PenaltyCaps,
    base: f64,
) -> PerPenalty<f64> {
    let of = |raw: Option<f64>, cap: f64| raw.unwrap_or(0.0).min(cap);
    let capped = PerPenalty {
        nav: of(raw.nav, caps.max_nav_penalty),
        sybil: of(raw.sybil, caps.max_sybil_penalty),
        staleness: of(raw.staleness, caps.max_staleness_penalty),
        wash_trade: of(raw.wash_trade, caps.max_wash_trade_penalty),
    };
    let sum: f64 = capped.all().iter().sum();
    let most = caps.max_total_penalty.min(base);
    if sum <= most {
        capped
    } else {
        capped.map(|penalty| penalty * most / sum)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::fixtures::{facts, now};

    fn nav(price: f64) -> Option<f64> {
        let mut facts = facts();
        facts.checks.nav_usd = Some(100.0);
        facts.checks.market_price_usd = Some(price);
        raw(&facts, now())
            .nav
            .map(|points| crate::number::rounded(points, 6))
    }

    #[test]
    fn half_a_percent_of_divergence_is_free_and_each_further_one_costs_three_points() {
        assert_eq!([100.0, 100.5, 99.5].map(nav), [Some(0.0); 3]);
        assert_eq!([101.5, 98.5].map(nav), [Some(3.0); 2]);
        assert_eq!([0.0, -1.0, f64::NAN].map(nav), [None; 3]);
    }

    #[test]
    fn a_tenth_that_is_flagged_is_free() {
        let of = |share: f64| Some(crate::number::rounded(flagged(share), 6));
        assert_eq!(
            [0.0, 0.1, 0.25, 1.0].map(of),
            [0.0, 0.0, 15.0, 90.0].map(Some)
        );
    }

    #[test]
    fn staleness_begins_with_the_sla_of_the_most_overdue() {
        let of = |hours: i64| {
            let later = now() + SignedDuration::from_hours(hours);
            raw(&facts(), later).staleness
        };
        assert_eq!(
            [0, 48, 72, 96].map(of),
            [Some(0.0), Some(0.0), Some(5.0), Some(10.0)]
        );
        assert_eq!(raw(&Facts::default(), now()).staleness, None);
        // One of five is two SLAs late, the others are in time.
        let mut facts = facts();
        if let Some(issuer) = facts.observed.get_mut(&Component::Issuer) {
            issuer.at = now() - SignedDuration::from_hours(3 * 48);
        }
        assert_eq!(raw(&facts, now()).staleness, Some(20.0));
    }

    #[test]
    fn each_cap_and_the_total_hold() {
        let raw = PerPenalty {
            nav: Some(f64::INFINITY),
            sybil: Some(90.0),
            staleness: Some(5.0),
            wash_trade: None,
        };
        let caps = PenaltyCaps::default();
        // 30 + 60 + 5 = 95, of which 70 count.
        let of = |base| effective(&raw, &caps, base).all();
        let sum: f64 = of(100.0).iter().sum();
        assert!((sum - 70.0).abs() < 1e-9);
        assert!((effective(&raw, &caps, 100.0).sybil - 60.0 * 70.0 / 95.0).abs() < 1e-9);
        let sum: f64 = of(12.5).iter().sum();
        assert!((sum - 12.5).abs() < 1e-9);
        assert!(of(0.0).iter().all(|penalty| *penalty <= 0.0));
    }
}
