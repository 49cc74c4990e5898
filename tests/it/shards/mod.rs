//! Meters without limits, whose calls are spread over shards: as exact as any other.

mod counts;
mod deaths;
mod key_changes;
mod plans;

use accounts::{Accounts, Actor, AuditAction, NewMeter};
use auth::ChangedBy;
use futures::future::join_all;
use store::{Dynamo, StoreError};
use tests::{Answer, Customer, Item, TestApp, day};
use types::{Product, Timestamp};

const SHARDS: u8 = 16;
/// A call without a price.
const FREE: &str = "/api/v1/score/bulk";
const MONTH: &str = "202611";
/// The code of `FREE`.
const JOBS: u8 = 3;

const UNLIMITED: NewMeter<'_> = NewMeter {
    plan: "unlimited",
    minute_limit: None,
    month_limit: None,
};
const LIMITED: NewMeter<'_> = NewMeter {
    plan: "limited",
    minute_limit: Some(100_000),
    month_limit: Some(1_000_000),
};

/// A customer without limits. One call is made, from whose answer the instance knows of the shards.
async fn unlimited(app: &TestApp, credits: i64) -> Customer {
    let customer = app.customer_with_limits(None, None, credits).await;
    app.get(FREE).key(&customer).send().await.expect(200);
    customer
}

async fn calls(app: &TestApp, customer: &Customer, path: &str, calls: usize) -> Vec<Answer> {
    join_all((0..calls).map(|_| app.get(path).key(customer).send())).await
}

#[track_caller]
fn all_are(answers: &[Answer], status: u16) {
    for answer in answers {
        assert_eq!(answer.status.as_u16(), status, "{:?}", answer.json);
    }
}

async fn set_plan(
    accounts: &Accounts,
    customer: &Customer,
    plan: &NewMeter<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let by = ChangedBy {
        actor: Actor::Operator,
        now,
        request: None,
    };
    let target = customer.account.to_string();
    let audit = by.entry(AuditAction::PlanSet, target, plan.plan.to_owned());
    let Customer {
        account, product, ..
    } = *customer;
    accounts.set_plan(account, product, plan, &audit).await
}

/// The accounts table, through clients that can be killed.
fn mortal(app: &TestApp) -> Accounts {
    let table = app.env.required("ACCOUNTS_TABLE").unwrap();
    Accounts::new(&Dynamo::new(&app.mortal), table)
}

/// The shards that are open or closed, and not folded.
async fn shards(app: &TestApp, customer: &Customer) -> Vec<Item> {
    let items = join_all((0..SHARDS).map(|shard| app.shard(customer, shard))).await;
    let held = |item: &Item| item.contains_key("shards_rev");
    items.into_iter().flatten().filter(held).collect()
}

/// Fails the test unless every shard takes the keys that the meter takes.
async fn assert_in_step(app: &TestApp, customer: &Customer) {
    let meter = app.item(customer, "METER#intent").await.unwrap();
    let shards = shards(app, customer).await;
    assert_eq!(shards.len(), usize::from(SHARDS));
    for shard in shards {
        for name in ["grace", "session"] {
            assert_eq!(shard.get(name), meter.get(name), "{name}");
        }
        assert_eq!(active(&shard), active(&meter));
    }
}

fn active(item: &Item) -> Vec<String> {
    let active = item.get("active").map(|value| value.as_ss().unwrap());
    let mut active = active.cloned().unwrap_or_default();
    active.sort();
    active
}

/// The calls of the month, of all items together.
async fn calls_of_month(app: &TestApp, customer: &Customer) -> u64 {
    app.meter(customer).await.calls_of_month(MONTH)
}

fn product() -> Product {
    Product::Intent
}
