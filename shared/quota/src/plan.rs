use accounts::NewMeter;
use types::{Feature, Product};

/// A plan of one product. Its limits are copied to the meter when the plan is set, so that a call reads one item. None is no
/// limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its product.
    pub product: Product,
    /// Its name in responses and commands.
    pub name: &'static str,
    /// Calls per minute of each key.
    pub minute_limit: Option<u64>,
    /// Calls per UTC month.
    pub month_limit: Option<u64>,
    /// Days after which a key issued on this plan expires; none is never.
    pub rotation_days: Option<u16>,
    /// The features that it includes.
    pub features: &'static [(Feature, Allowance)],
}

/// How much of a feature a plan includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// At most this many, at once, or per UTC day or month: [`Feature`] says which.
    UpTo(u64),
    /// Without a limit.
    Unlimited,
}

/// The product has no plan of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{product} has no plan {name:?}; use one of {known}")]
pub struct PlanError {
    product: Product,
    name: String,
    known: String,
}

use Allowance::{Unlimited, UpTo};
use Feature::{
    Clients, Deliveries, Export, History, Reports, ScoringProfiles, SignalBytes, Signals,
    UsageStats, Watchlist, Webhooks,
};

/// Every plan, the smallest of each product first. Liquidity's and portal's are those of their published price lists; a
/// portal "webhook a month" is no API call: it is a delivery.
#[rustfmt::skip]
const PLANS: [Plan; 13] = [
    calls(Product::Intent, "free", Some(60), Some(10_000))
        .with(&[(Watchlist, UpTo(25)), (ScoringProfiles, UpTo(20)), (UsageStats, Unlimited),
                (Signals, UpTo(1_000)), (SignalBytes, UpTo(1_000_000)), (Webhooks, UpTo(2))]),
    calls(Product::Intent, "growth", Some(60), Some(100_000))
        .with(&[(Watchlist, UpTo(500)), (ScoringProfiles, UpTo(20)), (UsageStats, Unlimited),
                (Signals, UpTo(50_000)), (SignalBytes, UpTo(50_000_000)), (Webhooks, UpTo(10))]),
    calls(Product::Intent, "scale", Some(600), None)
        .with(&[(Watchlist, UpTo(10_000)), (ScoringProfiles, UpTo(20)), (UsageStats, Unlimited),
                (Signals, UpTo(500_000)), (SignalBytes, UpTo(500_000_000)), (Webhooks, UpTo(50))]),

    calls(Product::Leads, "free", Some(60), Some(10_000)).with(&[(UsageStats, Unlimited)]),
    calls(Product::Leads, "growth", Some(120), Some(100_000)).with(&[(UsageStats, Unlimited)]),
    calls(Product::Leads, "scale", Some(600), None).with(&[(UsageStats, Unlimited)]),

    calls(Product::Liquidity, "observer", Some(0), Some(0)),
    calls(Product::Liquidity, "analyst", Some(60), Some(2_000)).rotation(90)
        .with(&[(Watchlist, UpTo(50)), (UsageStats, Unlimited), (History, Unlimited), (Reports, UpTo(25))]),
    calls(Product::Liquidity, "professional", Some(200), Some(10_000)).rotation(180)
        .with(&[(Watchlist, UpTo(500)), (UsageStats, Unlimited), (History, Unlimited), (Reports, UpTo(100)),
                (Export, Unlimited), (ScoringProfiles, UpTo(3)), (Webhooks, UpTo(10))]),
    calls(Product::Liquidity, "institutional", None, None).rotation(365)
        .with(&[(Watchlist, UpTo(10_000)), (UsageStats, Unlimited), (History, Unlimited), (Reports, Unlimited),
                (Export, Unlimited), (ScoringProfiles, UpTo(10)), (Webhooks, UpTo(50))]),

    calls(Product::Portal, "free", Some(60), None)
        .with(&[(Clients, UpTo(3)), (UsageStats, Unlimited), (Webhooks, UpTo(2)), (Deliveries, UpTo(10_000))]),
    calls(Product::Portal, "pro", Some(300), None)
        .with(&[(Clients, UpTo(25)), (UsageStats, Unlimited), (Webhooks, UpTo(10)), (Deliveries, UpTo(100_000))]),
    calls(Product::Portal, "enterprise", Some(1_000), None)
        .with(&[(Clients, Unlimited), (UsageStats, Unlimited), (Webhooks, UpTo(50)), (Deliveries, Unlimited)]),
];

/// A plan that includes nothing but calls, whose keys need no rotation.
const fn calls(
    product: Product,
    name: &'static str,
    minute_limit: Option<u64>,
    month_limit: Option<u64>,
) -> Plan {
    Plan {
        product,
        name,
        minute_limit,
        month_limit,
        rotation_days: None,
        features: &[],
    }
}

impl Plan {
    const fn with(self, features: &'static [(Feature, Allowance)]) -> Self {
        Self { features, ..self }
    }

    const fn rotation(self, days: u16) -> Self {
        Self {
            rotation_days: Some(days),
            ..self
        }
    }

    /// How much of a feature the plan includes; none if it is not included.
    pub fn allowance(&self, feature: Feature) -> Option<Allowance> {
        let mut included = self.features.iter();
        let found = included.find(|(included, _)| *included == feature);
        found.map(|(_, allowance)| *allowance)
    }

    /// How much of a feature the plan of this name includes, where it has a limit.
    pub fn limit(product: Product, name: &str, feature: Feature) -> Option<u64> {
        Self::named(product, name).ok()?.allowance(feature)?.limit()
    }

    /// Whether a plan of a product has a limit of a feature.
    pub fn limits(product: Product, feature: Feature) -> bool {
        let mut plans = PLANS.iter().filter(|plan| plan.product == product);
        plans.any(|plan| matches!(plan.allowance(feature), Some(Allowance::UpTo(_))))
    }

    /// The smallest plan of a product that includes a feature.
    pub fn smallest_with(product: Product, feature: Feature) -> Option<Self> {
        let mut plans = PLANS.into_iter().filter(|plan| plan.product == product);
        plans.find(|plan| plan.allowance(feature).is_some())
    }

    /// The plan of this name.
    pub fn named(product: Product, name: &str) -> Result<Self, PlanError> {
        let known = || PLANS.iter().filter(|plan| plan.product == product);
        known()
            .find(|plan| plan.name == name)
            .copied()
            .ok_or_else(|| PlanError {
                product,
                name: name.to_owned(),
                known: known().map(|plan| plan.name).collect::<Vec<_>>().join(", "),
            })
    }

    /// Days after which a key of a product expires on the plan of this name, for [`auth::Keyring`].
    pub fn rotation_days(product: Product, name: &str) -> Option<u16> {
        Self::named(product, name).ok()?.rotation_days
    }

    /// The meter of a customer who is on this plan.
    pub const fn meter(&self) -> NewMeter<'static> {
        NewMeter {
            plan: self.name,
            minute_limit: self.minute_limit,
            month_limit: self.month_limit,
        }
    }
}

impl Allowance {
    /// The number, where there is one.
    pub const fn limit(self) -> Option<u64> {
        match self {
            Self::UpTo(limit) => Some(limit),
            Self::Unlimited => None,
        }
    }

    /// Whether one more may be added to `used`.
    pub const fn has_room(self, used: u64) -> bool {
        match self {
            Self::UpTo(limit) => used < limit,
            Self::Unlimited => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_plan_names_the_known_ones() {
        let error = Plan::named(Product::Portal, "analyst").unwrap_err();
        assert_eq!(
            error.to_string(),
            "portal has no plan \"analyst\"; use one of free, pro, enterprise"
        );
    }

    #[test]
    fn unlimited_is_the_absence_of_a_limit() {
        let plan = Plan::named(Product::Liquidity, "institutional").unwrap();
        assert_eq!((plan.minute_limit, plan.month_limit), (None, None));
        assert_eq!(plan.allowance(Feature::Reports), Some(Allowance::Unlimited));
    }

    #[test]
    fn a_larger_plan_includes_what_a_smaller_one_does() {
        for [smaller, larger] in PLANS.windows(2).map(|pair| [pair[0], pair[1]]) {
            if smaller.product != larger.product {
                continue;
            }
            for (feature, allowance) in smaller.features {
                let more = larger.allowance(*feature).unwrap();
                let limit = |allowance: Allowance| allowance.limit().unwrap_or(u64::MAX);
                assert!(limit(more) >= limit(*allowance), "{feature} of {larger:?}");
            }
        }
    }

    #[test]
    fn the_smallest_plan_with_a_feature() {
        let smallest =
            |product, feature| Plan::smallest_with(product, feature).map(|plan| plan.name);
        assert_eq!(
            smallest(Product::Liquidity, Feature::Export),
            Some("professional")
        );
        assert_eq!(smallest(Product::Intent, Feature::Watchlist), Some("free"));
        assert_eq!(smallest(Product::Intent, Feature::Clients), None);
    }
}
