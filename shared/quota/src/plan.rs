use accounts::NewMeter;
use types::Product;

/// What a customer has bought of one product. The limits are copied to the meter when the plan is set, so that a call
/// reads one item; no limit is written as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The product it is of.
    pub product: Product,
    /// Its name in answers and commands.
    pub name: &'static str,
    /// Calls a minute and key.
    pub minute_limit: Option<u64>,
    /// Calls a UTC month.
    pub month_limit: Option<u64>,
    /// Entries of a watchlist.
    pub watch_limit: Option<u64>,
    /// Reports a UTC month.
    pub reports_limit: Option<u64>,
    /// Days after which a key issued on this plan is no longer taken; none is for ever.
    pub rotation_days: Option<u16>,
}

/// A product has no plan of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{product} has no plan {name:?}; use one of {known}")]
pub struct PlanError {
    product: Product,
    name: String,
    known: String,
}

/// Every plan. Liquidity's and portal's calls are those of their published price lists, and so are the 25 reports of an
/// analyst and the rotation ages; a portal "webhook a month" is no API call, so those plans limit the minute only.
const PLANS: [Plan; 13] = [
    calls(Product::Intent, "free", Some(60), Some(10_000)).watching(25),
    calls(Product::Intent, "growth", Some(60), Some(100_000)).watching(500),
    calls(Product::Intent, "scale", Some(600), None).watching(10_000),
    calls(Product::Leads, "free", Some(60), Some(10_000)),
    calls(Product::Leads, "growth", Some(120), Some(100_000)),
    calls(Product::Leads, "scale", Some(600), None),
    calls(Product::Liquidity, "observer", Some(0), Some(0)),
    calls(Product::Liquidity, "analyst", Some(60), Some(2_000))
        .reports(Some(25))
        .rotation(90),
    calls(Product::Liquidity, "professional", Some(200), Some(10_000))
        .reports(Some(100))
        .rotation(180),
    calls(Product::Liquidity, "institutional", None, None)
        .reports(None)
        .rotation(365),
    calls(Product::Portal, "free", Some(60), None),
    calls(Product::Portal, "pro", Some(300), None),
    calls(Product::Portal, "enterprise", Some(1_000), None),
];

/// A plan without a watchlist and reports, whose keys need no rotation.
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
        watch_limit: Some(0),
        reports_limit: Some(0),
        rotation_days: None,
    }
}

impl Plan {
    const fn watching(self, entries: u64) -> Self {
        Self {
            watch_limit: Some(entries),
            ..self
        }
    }

    const fn reports(self, limit: Option<u64>) -> Self {
        Self {
            reports_limit: limit,
            ..self
        }
    }

    const fn rotation(self, days: u16) -> Self {
        Self {
            rotation_days: Some(days),
            ..self
        }
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

    /// Days after which a key of a product ends by itself on the plan of this name, for [`auth::Keyring`].
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
    }
}
