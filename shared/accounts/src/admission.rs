use std::fmt::Write as _;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use store::item::{number, text};
use store::keys::AccountsKey;
use store::retry::at_most_once;
use store::{Shard, StoreError};
use types::{AccountId, Credits, KeyId, Product, Timestamp, day_of, minute_of, month_of};

use crate::{Accounts, Meter, Window};

/// One call to admit.
#[derive(Clone, Debug)]
pub struct Admission<'a> {
    /// The account that calls.
    pub account: AccountId,
    /// The product it calls.
    pub product: Product,
    /// The key it calls with.
    pub key: KeyId,
    /// The present instant, which decides the windows.
    pub now: Timestamp,
    /// What the call costs.
    pub price: Credits,
    /// The code of its route, if it counts as a call of the day and month. A call that is refused for its form has none
    /// and counts in the minute only.
    pub route: Option<&'a str>,
    /// The shard of the meter that is to count it, for a call without a price; none is the meter itself.
    pub shard: Option<Shard>,
    /// Attributes of closed windows that this write may sweep away.
    pub stale: &'a [String],
}

/// What became of an admission, with the meter as it is after it: the item that was asked, which may be a shard.
#[derive(Clone, Debug)]
pub enum Admitted {
    /// Admitted and counted.
    Yes(Meter),
    /// Not admitted, and nothing counted; no meter if the account does not have the product, or the meter not the shard.
    No(Option<Meter>),
}

/// Credits to give back for a call that was admitted and then not delivered.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// The account that called.
    pub account: AccountId,
    /// The product it called.
    pub product: Product,
    /// The present instant: the credits return to today, whatever day they were taken on.
    pub now: Timestamp,
    /// What the call cost.
    pub price: Credits,
}

impl Accounts {
    /// Admits one call if its key, the minute, the month and the credits allow it: all in one conditional write.
    ///
    /// The limits are compared inside the item, so that no number of parallel calls gets over one of them.
    pub async fn admit(&self, call: &Admission<'_>) -> Result<Admitted, StoreError> {
        let mut update = "ADD #w :one".to_owned();
        if call.route.is_some() {
            update.push_str(", #d :one, #r :one, #m :one");
        }
        if call.price != Credits::ZERO {
            update.push_str(", #s :price, credits :minus");
        }
        let mut request = self
            .0
            .update(AccountsKey::counters(
                call.account,
                call.product,
                call.shard,
            ))
            .condition_expression(condition(call))
            .expression_attribute_names("#key", call.key.suffix())
            .expression_attribute_names("#session", "session")
            .expression_attribute_names("#w", Window::attribute(call.key, minute_of(call.now)))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":key", text(call.key.suffix()))
            .expression_attribute_values(":now", number(call.now.as_second()))
            .expression_attribute_values(":price", number(call.price.tenths()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if let Some(route) = call.route {
            let day = day_of(call.now);
            request = request
                .expression_attribute_names("#d", format!("d{}_{day}", call.key.tag()))
                .expression_attribute_names("#r", format!("r{route}_{day}"))
                .expression_attribute_names("#m", format!("m{}", month_of(call.now)));
        }
        if call.price != Credits::ZERO {
            request = request
                .expression_attribute_names("#s", format!("s{}", day_of(call.now)))
                .expression_attribute_values(":minus", number(-call.price.tenths()));
        }
        for (index, name) in call.stale.iter().enumerate() {
            let lead = if index == 0 { " REMOVE" } else { "," };
            let _ = write!(update, "{lead} #x{index}");
            request = request.expression_attribute_names(format!("#x{index}"), name);
        }
        match at_most_once(request.update_expression(update)).await {
            Ok(answer) => Ok(Admitted::Yes(Meter::from_item(
                &answer.attributes.unwrap_or_default(),
            )?)),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Ok(
                    Admitted::No(refused.item().map(Meter::from_item).transpose()?),
                ),
                _ => Err(error.into()),
            },
        }
    }

    /// Gives the credits of a call back.
    pub async fn release(&self, call: &Release) -> Result<(), StoreError> {
        let update = self
            .0
            .update(AccountsKey::Meter(call.account, call.product))
            .update_expression("ADD credits :price, #s :minus")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#s", format!("s{}", day_of(call.now)))
            .expression_attribute_values(":price", number(call.price.tenths()))
            .expression_attribute_values(":minus", number(-call.price.tenths()));
        at_most_once(update).await?;
        Ok(())
    }
}

/// No grant has expired that is still in the balance: nothing that has expired is spent, even if it was not removed yet.
pub const NOTHING_ENDED: &str = "(attribute_not_exists(grants_expire) OR grants_expire > :now)";

/// A call that does not count in the month is not held up by a month that is used up.
fn condition(call: &Admission<'_>) -> String {
    let mut condition = "(contains(active, :key) OR grace.#key > :now OR #session = :key) \
        AND (attribute_not_exists(minute_limit) OR (minute_limit > :zero AND \
             (attribute_not_exists(#w) OR #w < minute_limit))) \
        AND (attribute_not_exists(month_limit) OR (month_limit > :zero"
        .to_owned();
    if call.route.is_some() {
        condition.push_str(" AND (attribute_not_exists(#m) OR #m < month_limit))) AND ");
        condition.push_str(NOTHING_ENDED);
    } else {
        condition.push_str("))");
    }
    condition.push_str(" AND credits >= :price");
    condition
}
