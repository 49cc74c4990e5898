use std::fmt::Write as _;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use store::StoreError;
use store::item::{Item, number};
use store::keys::AccountsKey;
use store::retry::at_most_once;
use types::{AccountId, Product, Timestamp, day_of};

use crate::Accounts;

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

impl Accounts {
    /// Counts amounts in the UTC day of `now`, all or none. The limits are compared inside the item, so that no number of
    /// parallel calls gets over one of them. One conditional write.
    pub async fn use_today(
        &self,
        account: AccountId,
        product: Product,
        amounts: &[DailyAmount],
        now: Timestamp,
    ) -> Result<DailyUse, StoreError> {
        let day = day_of(now);
        let mut update = self
            .0
            .update(AccountsKey::DailyUse(account, product, &day))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let mut conditions = Vec::new();
        for (index, amount) in amounts.iter().enumerate() {
            update = update
                .expression_attribute_names(format!("#a{index}"), amount.name)
                .expression_attribute_values(format!(":a{index}"), number(amount.amount));
            if let Some(limit) = amount.limit {
                let room = i128::from(limit) - i128::from(amount.amount);
                update = update.expression_attribute_values(format!(":room{index}"), number(room));
                conditions.push(match room {
                    0.. => {
                        format!("(attribute_not_exists(#a{index}) OR #a{index} <= :room{index})")
                    }
                    // More than a day may have. Never true, as no sum is negative.
                    _ => format!("#a{index} <= :room{index}"),
                });
            }
        }
        let update = add(update, amounts.len(), now)
            .set_condition_expression((!conditions.is_empty()).then(|| conditions.join(" AND ")));
        let Err(error) = at_most_once(update).await else {
            return Ok(DailyUse::Counted);
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                over(amounts, refused.item()).ok_or(StoreError::Conflict)
            }
            _ => Err(error.into()),
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
        let day = day_of(then);
        let mut update = self
            .0
            .update(AccountsKey::DailyUse(account, product, &day))
            .condition_expression("attribute_exists(pk)");
        for (index, (name, difference)) in differences.iter().enumerate() {
            update = update
                .expression_attribute_names(format!("#a{index}"), *name)
                .expression_attribute_values(format!(":a{index}"), number(*difference));
        }
        at_most_once(add(update, differences.len(), then)).await?;
        Ok(())
    }
}

/// The update that adds `count` amounts, named `#a0`, `#a1`, … with the values `:a0`, `:a1`, ….
fn add(update: UpdateItemFluentBuilder, count: usize, at: Timestamp) -> UpdateItemFluentBuilder {
    let mut expression = "SET expires = :expires".to_owned();
    for index in 0..count {
        let lead = if index == 0 { " ADD" } else { "," };
        let _ = write!(expression, "{lead} #a{index} :a{index}");
    }
    update
        .update_expression(expression)
        .expression_attribute_values(":expires", number(at.as_second() + RETENTION))
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
