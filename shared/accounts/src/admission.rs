use std::collections::HashMap;
use std::fmt::Write as _;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use store::item::{number, text};
use store::keys::AccountsKey;
use store::{Shard, StoreError};
use types::{AccountId, Credits, KeyId, Product, Timestamp, UtcDay, minute_of, month_of};

use crate::counter::Counter;
use crate::counting_write::{Counted, CountingWrite};
use crate::{Accounts, Meter, WriteToken};

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
    pub route: Option<u8>,
    /// The shard of the meter that is to count it, for a call without a price; none is the meter itself.
    pub shard: Option<Shard>,
    /// Attributes of closed windows that this write may sweep away.
    pub stale: &'a [String],
    /// The newest write of the item that was seen ([`Meter::last_write`]), by which it shows whether this one was applied.
    pub seen: Option<WriteToken>,
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
    /// As of [`Admission`].
    pub seen: Option<WriteToken>,
}

impl Accounts {
    /// Admits one call if its key, the minute, the month and the credits allow it: all in one conditional write, which counts
    /// once even if its response is lost.
    ///
    /// The limits are compared inside the item, so that no number of parallel calls gets over one of them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the response was lost and the item does not show whether the call was counted. It may
    /// have been, once.
    pub async fn admit(&self, call: &Admission<'_>) -> Result<Admitted, StoreError> {
        let write = CountingWrite::new(call.now, call.seen);
        let request = || self.admission(call);
        match write.send(request, &update(call), condition(call)).await? {
            Counted::Yes(item) => Ok(Admitted::Yes(Meter::from_item(&item)?)),
            Counted::No(item) => {
                let meter = item.as_ref().map(Meter::from_item);
                Ok(Admitted::No(meter.transpose()?))
            }
        }
    }

    /// The request of an admission with the names and values of its expressions. The maps are made at once and do not grow:
    /// each step of a builder moves all of it.
    fn admission(&self, call: &Admission<'_>) -> UpdateItemFluentBuilder {
        let counters = AccountsKey::counters(call.account, call.product, call.shard);
        let (key, day) = (call.key.suffix(), UtcDay::of(call.now));
        let mut names = HashMap::with_capacity(8);
        let mut values = HashMap::with_capacity(8);
        let mut name = |placeholder: &str, name| names.insert(placeholder.to_owned(), name);
        let mut value = |placeholder: &str, value| values.insert(placeholder.to_owned(), value);
        name("#key", key.clone());
        name("#u", "session".to_owned());
        name("#w", Counter::minute(call.key, minute_of(call.now)));
        value(":zero", number(0));
        value(":one", number(1));
        value(":key", text(key));
        value(":now", number(call.now.as_second()));
        value(":price", number(call.price.tenths()));
        if let Some(route) = call.route {
            let (calls_of_route, one) = Counter::route(route, day);
            name("#d", Counter::Key(&call.key.tag(), day).to_string());
            name("#r", calls_of_route);
            name("#m", Counter::Month(&month_of(call.now)).to_string());
            value(":route", number(one));
        }
        if call.price != Credits::ZERO {
            name("#s", Counter::Spent(day).to_string());
            value(":minus", number(-call.price.tenths()));
        }
        for (index, stale) in call.stale.iter().enumerate() {
            name(&format!("#x{index}"), stale.clone());
        }
        self.0
            .update(counters)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
    }

    /// Gives the credits of a call back, once even if the response is lost.
    ///
    /// # Errors
    /// As [`Accounts::admit`].
    pub async fn release(&self, call: &Release) -> Result<(), StoreError> {
        let write = CountingWrite::new(call.now, call.seen);
        let request = || {
            let today = Counter::Spent(UtcDay::of(call.now)).to_string();
            self.0
                .update(AccountsKey::Meter(call.account, call.product))
                .expression_attribute_names("#s", today)
                .expression_attribute_values(":price", number(call.price.tenths()))
                .expression_attribute_values(":minus", number(-call.price.tenths()))
        };
        let update = " ADD credits :price, #s :minus";
        match write.send(request, update, "attribute_exists(pk)").await? {
            Counted::Yes(_) => Ok(()),
            Counted::No(_) => Err(StoreError::Conflict),
        }
    }
}

/// What an admission adds, and the closed windows that it removes.
fn update(call: &Admission<'_>) -> String {
    let mut update = " ADD #w :one".to_owned();
    if call.route.is_some() {
        update.push_str(",#d :one,#r :route,#m :one");
    }
    if call.price != Credits::ZERO {
        update.push_str(",#s :price,credits :minus");
    }
    for index in 0..call.stale.len() {
        let lead = if index == 0 { " REMOVE" } else { "," };
        let _ = write!(update, "{lead} #x{index}");
    }
    update
}

/// Under which a call is admitted. A limit that is not there does not hold: a comparison with an attribute that the item does
/// not have is false, and its negation true. No grant has expired that is still in the balance: nothing that has expired is spent,
/// even if it was not removed yet.
const CALL: &str = "attribute_not_exists(suspended) AND (contains(active, :key) OR grace.#key > :now OR #u = :key) \
    AND NOT minute_limit <= :zero AND NOT #w >= minute_limit \
    AND NOT month_limit <= :zero AND NOT #m >= month_limit \
    AND NOT grants_expire <= :now AND credits >= :price";

/// The same of a call that counts in the minute only: it is not held up by a month that is used up.
const ATTEMPT: &str = "attribute_not_exists(suspended) AND (contains(active, :key) OR grace.#key > :now OR #u = :key) \
    AND NOT minute_limit <= :zero AND NOT #w >= minute_limit \
    AND NOT month_limit <= :zero AND credits >= :price";

const fn condition(call: &Admission<'_>) -> &'static str {
    if call.route.is_some() { CALL } else { ATTEMPT }
}
