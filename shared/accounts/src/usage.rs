use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use store::item::{Item, PrimaryKey, number, text};
use store::keys::AccountsKey;
use store::table::part;
use store::{Shard, StoreError};
use types::{AccountId, Credits, KeyId, Product, Timestamp, UtcDay, unique};

use crate::counter::Counter;
use crate::day::{count, tenths};
use crate::{Accounts, Day, Entry, EntryKind};

/// A key of an account, as far as usage needs it.
struct UsedKey {
    key: KeyId,
    last_used_on: Option<UtcDay>,
}

impl Accounts {
    /// Moves a closed day out of a meter, or out of one of its shards, once: its calls by key and route to the usage series, its
    /// spend to the ledger, its date to the rows of the keys that were used.
    ///
    /// The condition is that the counters are still what the caller saw. A call that arrives late opens the day again,
    /// and the next admission that sees it closes it again. A day of very many keys is moved in parts, each of them once.
    /// [`StoreError::Conflict`] if another instance was first.
    pub async fn close_day(
        &self,
        account: AccountId,
        product: Product,
        shard: Option<Shard>,
        (date, day): (UtcDay, &Day),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let used = self.used_keys(account, product).await?;
        for part in day.parts() {
            let mut writes = vec![
                self.sweep_day(AccountsKey::counters(account, product, shard), date, &part)?,
                self.add_usage(account, product, date, &part)?,
            ];
            if part.spent != Credits::ZERO {
                let entry = Entry {
                    reference: format!("{}-spend-{date}", unique(now)),
                    kind: EntryKind::Spend,
                    tenths: -part.spent.tenths(),
                    at: now,
                    note: format!("single calls of {date}"),
                };
                writes.push(self.append(account, product, &entry)?);
            }
            let later = used.iter().filter(|used| {
                part.keys.contains_key(&used.key.tag())
                    && used.last_used_on.is_none_or(|known| known < date)
            });
            for used in later {
                writes.push(self.note_use(account, product, used.key, date)?);
            }
            self.0.transact(writes).await?;
        }
        Ok(())
    }

    /// The closed days from `first` to `last`, both included, on which something was used. Days that the
    /// meter still holds are not among them, or not whole.
    pub async fn usage(
        &self,
        account: AccountId,
        product: Product,
        first: UtcDay,
        last: UtcDay,
    ) -> Result<BTreeMap<UtcDay, Day>, StoreError> {
        let key = |day: &str| PrimaryKey::from(AccountsKey::Usage(account, product, day));
        let (first, last) = (key(&first.to_string()), key(&last.to_string()));
        let items = self.0.between(&first.pk, &first.sk, &last.sk).await?;
        items.iter().map(day_of_item).collect()
    }

    /// Every key that was issued on this product and has a row with the account, revoked ones included.
    pub async fn keys_of(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Vec<KeyId>, StoreError> {
        let used = self.used_keys(account, product).await?;
        Ok(used.into_iter().map(|used| used.key).collect())
    }

    async fn used_keys(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Vec<UsedKey>, StoreError> {
        let prefix = AccountsKey::account_keys(account, product);
        let items = self.0.query(&prefix.pk, &prefix.sk).await?;
        let used = items.into_iter().map(|item| {
            let key = PrimaryKey::of(&item).and_then(|key| key.sk.rsplit('#').next()?.parse().ok());
            let last = item.get("last_used_on").and_then(|day| day.as_s().ok());
            Ok(UsedKey {
                key: key.ok_or_else(|| StoreError::malformed("key", "no id"))?,
                last_used_on: last.and_then(|day| day.parse().ok()),
            })
        });
        used.collect()
    }

    fn sweep_day(
        &self,
        counters_of: AccountsKey<'_>,
        date: UtcDay,
        day: &Day,
    ) -> Result<TransactWriteItem, StoreError> {
        let counters = day.counters(date);
        // A closed shard has no keys, and is read by somebody who folds it.
        let mut same = "attribute_exists(grace) AND \
            (#s = :spent OR (attribute_not_exists(#s) AND :spent = :zero))"
            .to_owned();
        let mut remove = "REMOVE #s".to_owned();
        for index in 0..counters.len() {
            let _ = write!(same, " AND #c{index} = :c{index}");
            let _ = write!(remove, ", #c{index}");
        }
        let mut update = self
            .0
            .change(counters_of)
            .update_expression(remove)
            .condition_expression(same)
            .expression_attribute_names("#s", Counter::Spent(date).to_string())
            .expression_attribute_values(":spent", number(day.spent.tenths()))
            .expression_attribute_values(":zero", number(0));
        for (index, (attribute, value)) in counters.into_iter().enumerate() {
            update = update
                .expression_attribute_names(format!("#c{index}"), attribute)
                .expression_attribute_values(format!(":c{index}"), value);
        }
        part(update)
    }

    fn add_usage(
        &self,
        account: AccountId,
        product: Product,
        date: UtcDay,
        day: &Day,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut add = "ADD tenths :spent".to_owned();
        let mut update = self
            .0
            .change(AccountsKey::Usage(account, product, &date.to_string()))
            .expression_attribute_values(":spent", number(day.spent.tenths()));
        let keys = day
            .keys
            .iter()
            .map(|(tag, calls)| (format!("d{tag}"), *calls));
        let routes = day
            .routes
            .iter()
            .map(|(code, calls)| (format!("r{code}"), *calls));
        for (index, (attribute, calls)) in keys.chain(routes).enumerate() {
            let _ = write!(add, ", #c{index} :c{index}");
            update = update
                .expression_attribute_names(format!("#c{index}"), attribute)
                .expression_attribute_values(format!(":c{index}"), number(calls));
        }
        part(update.update_expression(add))
    }

    fn note_use(
        &self,
        account: AccountId,
        product: Product,
        key: KeyId,
        date: UtcDay,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .0
            .change(AccountsKey::AccountKey(account, product, key))
            .update_expression("SET last_used_on = :day")
            .condition_expression(
                "attribute_exists(pk) AND (attribute_not_exists(last_used_on) OR last_used_on < :day)",
            )
            .expression_attribute_values(":day", text(date.to_string()));
        part(update)
    }
}

/// An item of the usage series: `d<tag>`, `r<code>`, `tenths`.
fn day_of_item(item: &Item) -> Result<(UtcDay, Day), StoreError> {
    let malformed = |what: &str| StoreError::malformed("day of usage", what.to_owned());
    let key = PrimaryKey::of(item).ok_or_else(|| malformed("no key"))?;
    let date = key.sk.rsplit('#').next().and_then(|date| date.parse().ok());
    let date = date.ok_or_else(|| malformed("no date"))?;
    let mut day = Day::default();
    for (attribute, value) in item {
        read(&mut day, attribute, value).ok_or_else(|| malformed(attribute))?;
    }
    Ok((date, day))
}

fn read(day: &mut Day, attribute: &str, value: &AttributeValue) -> Option<()> {
    if attribute == "tenths" {
        day.spent = tenths(value)?;
    } else if let Some(tag) = attribute.strip_prefix('d') {
        day.keys.insert(tag.to_owned(), count(value)?);
    } else if let Some(code) = attribute.strip_prefix('r') {
        day.routes.insert(code.parse().ok()?, count(value)?);
    }
    // Anything else is of a newer version.
    Some(())
}
