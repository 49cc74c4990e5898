use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_sdk_dynamodb::types::AttributeValue;
use store::StoreError;
use store::item::{Item, number};
use store::keys::AccountsKey;
use types::{AccountId, Product, Timestamp, day_of};

use crate::Accounts;
use crate::counting_write::{Counted, CountingWrite};

/// How long the amounts of a day are stored, in seconds from its last write.
const RETENTION: i64 = 3 * 86_400;

/// An amount of something that is limited per UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyAmount {
    /// Its name, and the attribute that sums it up.
    pub name: &'static str,
    /// How much more is used.
    pub amount: u64,
    /// The most that a day may have; none is no limit.
    pub limit: Option<u64>,
}

/// What became of an attempt to use amounts of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DailyUse {
    /// All of them are counted.
    Counted,
    /// None is counted, as this one would be over its limit.
    Over {
        /// The amount.
        exceeded: DailyAmount,
        /// How much of it the day has.
        used: u64,
    },
}

/// The UTC day of a moment, of an account and product.
struct Day {
    account: AccountId,
    product: Product,
    at: Timestamp,
}

impl Accounts {
    /// Counts amounts in the UTC day of `now`, all or none. The limits are compared inside the item, so that no number of
    /// parallel calls gets over one of them. One conditional write, which counts once although its response may be lost; a
    /// second one if it is.
    pub async fn use_today(
        &self,
        account: AccountId,
        product: Product,
        amounts: &[DailyAmount],
        now: Timestamp,
    ) -> Result<DailyUse, StoreError> {
        let mut limits = BTreeMap::new();
        let mut conditions = Vec::new();
        for (index, amount) in amounts.iter().enumerate() {
            if let Some(limit) = amount.limit {
                let room = i128::from(limit) - i128::from(amount.amount);
                limits.insert(format!(":room{index}"), number(room));
                conditions.push(match room {
                    0.. => {
                        format!("(attribute_not_exists(#a{index}) OR #a{index} <= :room{index})")
                    }
                    // More than a day may have. Never true, as no sum is negative.
                    _ => format!("#a{index} <= :room{index}"),
                });
            }
        }
        if conditions.is_empty() {
            // Without limits, the condition of every counting write alone.
            conditions.push("attribute_not_exists(#mark)".to_owned());
        }
        let added: Vec<_> = amounts
            .iter()
            .map(|amount| (amount.name, number(amount.amount)))
            .collect();
        let day = Day {
            account,
            product,
            at: now,
        };
        let condition = conditions.join(" AND ");
        let counted = self.add(&day, &added, &limits, &condition);
        match counted.await? {
            Counted::Yes(_) => Ok(DailyUse::Counted),
            Counted::No(item) => over(amounts, item.as_ref()).ok_or(StoreError::Conflict),
        }
    }

    /// Corrects the amounts of the UTC day of `then` by these differences: what was counted and not used is negative.
    pub async fn correct_day(
        &self,
        account: AccountId,
        product: Product,
        differences: &[(&'static str, i64)],
        then: Timestamp,
    ) -> Result<(), StoreError> {
        let added: Vec<_> = differences
            .iter()
            .map(|(name, difference)| (*name, number(*difference)))
            .collect();
        let day = Day {
            account,
            product,
            at: then,
        };
        let no_limits = BTreeMap::new();
        let counted = self.add(&day, &added, &no_limits, "attribute_exists(pk)");
        match counted.await? {
            Counted::Yes(_) => Ok(()),
            Counted::No(_) => Err(StoreError::Conflict),
        }
    }

    /// Adds to the amounts of a day, under a condition in which they are named `#a0`, `#a1`, ….
    async fn add(
        &self,
        day: &Day,
        amounts: &[(&'static str, AttributeValue)],
        values: &BTreeMap<String, AttributeValue>,
        condition: &str,
    ) -> Result<Counted, StoreError> {
        let mut expression = ", expires = :expires".to_owned();
        for index in 0..amounts.len() {
            let lead = if index == 0 { " ADD" } else { "," };
            let _ = write!(expression, "{lead} #a{index} :a{index}");
        }
        let date = day_of(day.at);
        let expires = number(day.at.as_second() + RETENTION);
        let request = || {
            let mut update = self
                .0
                .update(AccountsKey::DailyUse(day.account, day.product, &date))
                .expression_attribute_values(":expires", expires.clone());
            for (index, (name, amount)) in amounts.iter().enumerate() {
                update = update
                    .expression_attribute_names(format!("#a{index}"), *name)
                    .expression_attribute_values(format!(":a{index}"), amount.clone());
            }
            for (name, value) in values {
                update = update.expression_attribute_values(name, value.clone());
            }
            update
        };
        let write = CountingWrite::on_any(day.at);
        write.send(request, &expression, condition).await
    }
}

/// The first amount that does not fit into a day.
fn over(amounts: &[DailyAmount], day: Option<&Item>) -> Option<DailyUse> {
    let used = |amount: &DailyAmount| {
        let stored = day.and_then(|day| day.get(amount.name)?.as_n().ok()?.parse().ok());
        stored.unwrap_or(0)
    };
    amounts.iter().find_map(|amount| {
        let used = used(amount);
        let is_over = u64::saturating_add(used, amount.amount) > amount.limit?;
        is_over.then_some(DailyUse::Over {
            exceeded: *amount,
            used,
        })
    })
}
