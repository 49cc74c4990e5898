use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use store::item::{Item, PrimaryKey, number, text};
use store::keys::AccountsKey;
use store::table::part;
use store::{Shard, StoreError};
use types::{AccountId, Credits, KeyId, Product, Timestamp};

use crate::day::{count, tenths};
use crate::{Accounts, Day, Entry, EntryKind};

/// Keys whose last use one closing writes, well within DynamoDB's 100 parts a transaction.
const MOST_KEYS: usize = 90;

/// A key of an account, as far as usage needs it.
struct UsedKey {
    key: KeyId,
    last_used_on: Option<String>,
}

impl Accounts {
    /// Moves a closed day out of a meter, or out of one of its shards, once: its calls by key and route to the usage series, its spend to the
    /// ledger, its date to the rows of the keys that were used.
    ///
    /// The condition is that the counters are still what the caller saw. A call that arrives late opens the day again,
    /// and the next admission that sees it closes it again. [`StoreError::Conflict`] if another instance was first.
    pub async fn close_day(
        &self,
        account: AccountId,
        product: Product,
        shard: Option<Shard>,
        day: (&str, &Day),
        now: Timestamp,
        reference: &str,
    ) -> Result<(), StoreError> {
        let (name, day) = day;
        let mut writes = vec![
            self.sweep_day(AccountsKey::counters(account, product, shard), name, day)?,
            self.add_usage(account, product, name, day)?,
        ];
        if day.spent != Credits::ZERO {
            let entry = Entry {
                reference: reference.to_owned(),
                kind: EntryKind::Spend,
                tenths: -day.spent.tenths(),
                at: now,
                note: format!("single calls of {name}"),
            };
            writes.push(self.append(account, product, &entry)?);
        }
        let used = self.used_keys(account, product).await?;
        let later = used.iter().filter(|used| {
            let known = used.last_used_on.as_deref();
            day.keys.contains_key(&used.key.tag()) && known.is_none_or(|known| known < name)
        });
        for used in later.take(MOST_KEYS) {
            writes.push(self.note_use(account, product, used.key, name)?);
        }
        self.0.transact(writes).await
    }

    /// The closed days from `first` to `last` (`yyyymmdd`, both included) on which something was used. Days that the
    /// meter still holds are not among them, or not whole.
    pub async fn usage(
        &self,
        account: AccountId,
        product: Product,
        first: &str,
        last: &str,
    ) -> Result<BTreeMap<String, Day>, StoreError> {
        let key = |day| PrimaryKey::from(AccountsKey::Usage(account, product, day));
        let (first, last) = (key(first), key(last));
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
                last_used_on: last.cloned(),
            })
        });
        used.collect()
    }

    fn sweep_day(
        &self,
        counters_of: AccountsKey<'_>,
        name: &str,
        day: &Day,
    ) -> Result<TransactWriteItem, StoreError> {
        let counters = counters(day, &format!("_{name}"));
        let same: Vec<String> = (0..counters.len())
            .map(|index| format!("#c{index} = :c{index}"))
            .chain(["(#s = :spent OR (attribute_not_exists(#s) AND :spent = :zero))".to_owned()])
            // A closed shard has none, and is read by somebody who folds it.
            .chain(["attribute_exists(grace)".to_owned()])
            .collect();
        let mut remove = "REMOVE #s".to_owned();
        for index in 0..counters.len() {
            let _ = write!(remove, ", #c{index}");
        }
        let mut update = self
            .0
            .change(counters_of)
            .update_expression(remove)
            .condition_expression(same.join(" AND "))
            .expression_attribute_names("#s", format!("s{name}"))
            .expression_attribute_values(":spent", number(day.spent.tenths()))
            .expression_attribute_values(":zero", number(0));
        for (index, (attribute, calls)) in counters.into_iter().enumerate() {
            update = update
                .expression_attribute_names(format!("#c{index}"), attribute)
                .expression_attribute_values(format!(":c{index}"), number(calls));
        }
        part(update)
    }

    fn add_usage(
        &self,
        account: AccountId,
        product: Product,
        name: &str,
        day: &Day,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut add = "ADD tenths :spent".to_owned();
        let mut update = self
            .0
            .change(AccountsKey::Usage(account, product, name))
            .expression_attribute_values(":spent", number(day.spent.tenths()));
        for (index, (attribute, calls)) in counters(day, "").into_iter().enumerate() {
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
        day: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .0
            .change(AccountsKey::AccountKey(account, product, key))
            .update_expression("SET last_used_on = :day")
            .condition_expression(
                "attribute_exists(pk) AND (attribute_not_exists(last_used_on) OR last_used_on < :day)",
            )
            .expression_attribute_values(":day", text(day));
        part(update)
    }
}

/// The attributes that hold a day's calls, with their values.
pub(crate) fn counters(day: &Day, end: &str) -> Vec<(String, u64)> {
    let keys = day
        .keys
        .iter()
        .map(|(tag, calls)| (format!("d{tag}{end}"), *calls));
    let routes = day
        .routes
        .iter()
        .map(|(code, calls)| (format!("r{code}{end}"), *calls));
    keys.chain(routes).collect()
}

/// An item of the usage series: `d<tag>`, `r<code>`, `tenths`.
fn day_of_item(item: &Item) -> Result<(String, Day), StoreError> {
    let malformed = |what: &str| StoreError::malformed("day of usage", what.to_owned());
    let key = PrimaryKey::of(item).ok_or_else(|| malformed("no key"))?;
    let name = key.sk.rsplit('#').next().unwrap_or_default().to_owned();
    let mut day = Day::default();
    for (attribute, value) in item {
        read(&mut day, attribute, value).ok_or_else(|| malformed(attribute))?;
    }
    Ok((name, day))
}

fn read(day: &mut Day, attribute: &str, value: &AttributeValue) -> Option<()> {
    if attribute == "tenths" {
        day.spent = tenths(value)?;
    } else if let Some(tag) = attribute.strip_prefix('d') {
        day.keys.insert(tag.to_owned(), count(value)?);
    } else if let Some(code) = attribute.strip_prefix('r') {
        day.routes.insert(code.to_owned(), count(value)?);
    }
    // Anything else is of a newer version.
    Some(())
}
