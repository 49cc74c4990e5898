use accounts::Accounts;
use async_graphql::{Enum, Interface, SimpleObject};
use futures::future::try_join;
use store::StoreError;
use types::{AccountId, Credits, Product, Timestamp, UtcDay, date_of, next_month};

use crate::scalars::ZonedDateTime;

/// The caller's plans.
#[derive(SimpleObject)]
pub(crate) struct Account {
    plans: Vec<Plan>,
    data_hub_plan: Option<DataHubPlan>,
    universal_plan: Option<UniversalPlan>,
}

#[derive(Interface)]
#[graphql(
    field(name = "name", ty = "&String"),
    field(name = "product", ty = "&ProductName"),
    field(name = "status", ty = "&PlanStatus"),
    field(name = "next_billing_period", ty = "&Option<ZonedDateTime>")
)]
pub(crate) enum Plan {
    Universal(UniversalPlan),
    DataHub(DataHubPlan),
}

/// A plan whose credits pay for every data point.
#[derive(Clone, SimpleObject)]
pub(crate) struct UniversalPlan {
    name: String,
    product: ProductName,
    status: PlanStatus,
    next_billing_period: Option<ZonedDateTime>,
    /// Whole credits that are left, rounded down.
    available: i64,
    /// Whole credits that this billing period has used, rounded up.
    used: i64,
}

/// A plan of a product that is not sold here; the type is a part of the published schema.
#[derive(Clone, SimpleObject)]
pub(crate) struct DataHubPlan {
    name: String,
    product: ProductName,
    status: PlanStatus,
    next_billing_period: Option<ZonedDateTime>,
    available: i64,
    used: i64,
}

#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(rename_items = "PascalCase")]
pub(crate) enum ProductName {
    DataHub,
    ContactTracking,
    Api,
    Universal,
}

#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(rename_items = "PascalCase")]
pub(crate) enum PlanStatus {
    Active,
    Inactive,
    Trialing,
}

impl Account {
    /// The account's plan of leads, with what this UTC month has used of its credits; none without one.
    pub(crate) async fn read(
        accounts: &Accounts,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let first = UtcDay::from(date_of(now).first_of_month());
        let (meter, closed) = try_join(
            accounts.meter(account, Product::Leads),
            accounts.usage(account, Product::Leads, first, UtcDay::of(now)),
        )
        .await?;
        let Some(meter) = meter else {
            return Ok(None);
        };
        let open = meter.days.iter().filter(|(day, _)| **day >= first);
        let days = open.map(|(_, day)| day).chain(closed.values());
        let used: Credits = days.map(|day| day.spent).sum();
        let plan = UniversalPlan {
            name: meter.plan.clone(),
            product: ProductName::Universal,
            status: PlanStatus::Active,
            next_billing_period: Some(ZonedDateTime(next_month(now))),
            available: meter.credits.tenths().div_euclid(10),
            used: -(-used.tenths()).div_euclid(10),
        };
        Ok(Some(Self {
            plans: vec![Plan::Universal(plan.clone())],
            data_hub_plan: None,
            universal_plan: Some(plan),
        }))
    }
}
