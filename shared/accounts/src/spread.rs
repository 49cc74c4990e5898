use std::fmt::Write as _;

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use store::item::{Item, PrimaryKey, number};
use store::keys::AccountsKey;
use store::table::part;
use store::{Shard, StoreError};
use types::{AccountId, Product, Timestamp, minute_of};

use crate::counter::Counter;
use crate::counting_write::no_tokens;
use crate::shards::Shape;
use crate::{Accounts, Meter};

/// Tries of a write whose meter gets shards, or loses them, at the same moment.
pub(crate) const ATTEMPTS: usize = 10;

/// Counters that one transaction of a fold moves, within DynamoDB's 4 KB an expression.
const MOVED: usize = 100;

/// A counter's attribute and its value.
type MovedCounter = (String, AttributeValue);

impl Accounts {
    /// Changes the keys that a product takes: on its meter and on every shard of it in one transaction with `others`, so that
    /// no shard admits what another refuses. `change` is written for the meter, on its condition.
    /// [`StoreError::Conflict`] if a condition does not hold.
    pub(crate) async fn change_keys(
        &self,
        account: AccountId,
        product: Product,
        change: UpdateBuilder,
        others: Vec<TransactWriteItem>,
    ) -> Result<(), StoreError> {
        // Most meters have no shards and never had, so that is tried without a look.
        let mut shape = Shape::default();
        for _ in 0..ATTEMPTS {
            let mut writes = on_every_item(account, product, shape, &change)?;
            writes.extend(others.clone());
            match self.0.transact(writes).await {
                Err(StoreError::Conflict) => {}
                other => return other,
            }
            let seen = self.own_meter(account, product).await?;
            let seen = seen.map(|meter| meter.shape).unwrap_or_default();
            // The shape was right, so it is what the caller asks for that does not hold.
            if seen == shape {
                return Err(StoreError::Conflict);
            }
            shape = seen;
        }
        Err(changing())
    }

    /// The parts of a transaction that create a meter and its shards.
    pub(crate) fn meter_parts(
        &self,
        account: AccountId,
        product: Product,
        item: Item,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let meter = Meter::from_item(&item)?;
        let mut writes = vec![self.0.creation(item)?];
        writes.extend(self.shard_parts(account, product, &meter)?);
        Ok(writes)
    }

    /// The parts of a transaction that put the shards of `meter`. What may be under their keys was folded.
    pub(crate) fn shard_parts(
        &self,
        account: AccountId,
        product: Product,
        meter: &Meter,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let put = |shard: Shard| {
            let key: PrimaryKey = AccountsKey::Shard(account, product, shard).into();
            let mut item = key.into_item();
            item.extend(meter.key_attributes());
            item.insert("shard".to_owned(), number(shard.number()));
            item.insert("shards_rev".to_owned(), number(meter.shape.rev));
            // What an admission compares its price with.
            item.insert("credits".to_owned(), number(0));
            item.extend(no_tokens());
            self.0.replacement(item)
        };
        Shard::all(meter.shape.open.unwrap_or(0)).map(put).collect()
    }

    /// Closes the shards of a meter: once this returns they admit no call, and nothing changes them.
    /// [`StoreError::Conflict`] if they are not those of `shape`.
    pub(crate) async fn close_shards(
        &self,
        account: AccountId,
        product: Product,
        shape: Shape,
    ) -> Result<(), StoreError> {
        let own = self
            .0
            .change(AccountsKey::Meter(account, product))
            .update_expression("SET folding = shards REMOVE shards")
            .condition_expression("attribute_exists(shards) AND shards_rev = :rev")
            .expression_attribute_values(":rev", number(shape.rev));
        let mut writes = vec![part(own)?];
        for shard in Shard::all(shape.count()) {
            let close = self
                .0
                .change(AccountsKey::Shard(account, product, shard))
                .update_expression("REMOVE #shard, active, grace, #session")
                .condition_expression("shards_rev = :rev")
                .expression_attribute_names("#shard", "shard")
                .expression_attribute_names("#session", "session")
                .expression_attribute_values(":rev", number(shape.rev));
            writes.push(part(close)?);
        }
        self.0.transact(writes).await
    }

    /// Adds what closed shards have counted to their meter, once, and leaves empty items to the table's time to live. Does
    /// nothing if no shards are closed. Any caller that sees a meter with [`Meter::is_folding`] may do it.
    /// [`StoreError::Conflict`] if another was first.
    pub async fn fold_shards(
        &self,
        account: AccountId,
        product: Product,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        loop {
            let own = self.own_meter(account, product).await?.unwrap_or_default();
            if own.shape.folding.is_none() {
                return Ok(());
            }
            let shards = self.shards_of(account, product, own.shape).await?;
            let counted = Meter::default().with(&shards.ok_or(StoreError::Conflict)?);
            let counters = counters_of(&counted, now);
            let (moved, left) = counters.split_at(counters.len().min(MOVED));
            let writes = if left.is_empty() {
                self.last_fold(account, product, own.shape, moved, now)?
            } else {
                self.partial_fold(account, product, own.shape, moved)?
            };
            self.0.transact(writes).await?;
            if left.is_empty() {
                return Ok(());
            }
        }
    }

    /// The transaction that moves the last counters of closed shards to their meter.
    fn last_fold(
        &self,
        account: AccountId,
        product: Product,
        shape: Shape,
        moved: &[MovedCounter],
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let own = self.addition(account, product, shape, moved, "REMOVE folding");
        let mut writes = vec![part(own)?];
        for shard in Shard::all(shape.count()) {
            let key: PrimaryKey = AccountsKey::Shard(account, product, shard).into();
            let mut empty = key.into_item();
            empty.insert("expires".to_owned(), number(now.as_second()));
            writes.push(self.0.replacement(empty)?);
        }
        Ok(writes)
    }

    /// The transaction that moves some counters of closed shards to their meter. All get the next revision, by which a reader
    /// sees that it has read the meter before and the shards after.
    fn partial_fold(
        &self,
        account: AccountId,
        product: Product,
        shape: Shape,
        moved: &[MovedCounter],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let set = "SET shards_rev = :next";
        let next = number(shape.rev + 1);
        let own = self.addition(account, product, shape, moved, set);
        let mut writes = vec![part(
            own.expression_attribute_values(":next", next.clone()),
        )?];
        let mut update = set.to_owned();
        for index in 0..moved.len() {
            let lead = if index == 0 { " REMOVE" } else { "," };
            let _ = write!(update, "{lead} #c{index}");
        }
        for shard in Shard::all(shape.count()) {
            let mut change = self
                .0
                .change(AccountsKey::Shard(account, product, shard))
                .update_expression(&update)
                .condition_expression("shards_rev = :rev")
                .expression_attribute_values(":rev", number(shape.rev))
                .expression_attribute_values(":next", next.clone());
            for (index, (name, _)) in moved.iter().enumerate() {
                change = change.expression_attribute_names(format!("#c{index}"), name);
            }
            writes.push(part(change)?);
        }
        Ok(writes)
    }

    /// The meter's part of a fold: adds what is moved, beside `update`.
    fn addition(
        &self,
        account: AccountId,
        product: Product,
        shape: Shape,
        moved: &[MovedCounter],
        update: &str,
    ) -> UpdateBuilder {
        let mut update = update.to_owned();
        let mut change = self
            .0
            .change(AccountsKey::Meter(account, product))
            .condition_expression("attribute_exists(folding) AND shards_rev = :rev")
            .expression_attribute_values(":rev", number(shape.rev));
        for (index, (name, calls)) in moved.iter().enumerate() {
            let lead = if index == 0 { " ADD" } else { "," };
            let _ = write!(update, "{lead} #c{index} :c{index}");
            change = change
                .expression_attribute_names(format!("#c{index}"), name)
                .expression_attribute_values(format!(":c{index}"), calls.clone());
        }
        change.update_expression(update)
    }
}

/// A change on a meter, if its shards are those of `shape`, and on each of these.
pub(crate) fn on_every_item(
    account: AccountId,
    product: Product,
    shape: Shape,
    change: &UpdateBuilder,
) -> Result<Vec<TransactWriteItem>, StoreError> {
    let own = change.get_condition_expression().clone();
    let own = own.unwrap_or_else(|| "attribute_exists(pk)".to_owned());
    let fenced = match shape.open {
        None => change
            .clone()
            .condition_expression(format!("({own}) AND attribute_not_exists(shards)")),
        Some(count) => change
            .clone()
            .condition_expression(format!("({own}) AND shards = :shards"))
            .expression_attribute_values(":shards", number(count)),
    };
    let mut writes = vec![part(fenced)?];
    for shard in Shard::all(shape.open.unwrap_or(0)) {
        let key: PrimaryKey = AccountsKey::Shard(account, product, shard).into();
        writes.push(part(change.clone().set_key(Some(key.into_item())))?);
    }
    Ok(writes)
}

/// The attributes that hold the calls of a meter, with their values. Minutes that are over limit nothing any more.
fn counters_of(meter: &Meter, now: Timestamp) -> Vec<MovedCounter> {
    let months = meter.months.iter();
    let months = months.map(|(month, calls)| (Counter::Month(month).to_string(), number(*calls)));
    let days = meter.days.iter();
    let days = days.flat_map(|(date, day)| day.counters(*date));
    let open = minute_of(now) - 1;
    let windows = meter.windows.iter().filter(|window| window.minute >= open);
    let windows = windows.map(|window| (window.attribute.clone(), number(window.calls)));
    months.chain(days).chain(windows).collect()
}

pub(crate) fn changing() -> StoreError {
    StoreError::Throttled("the shards of the meter change all the time".into())
}
