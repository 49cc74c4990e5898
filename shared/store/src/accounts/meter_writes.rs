use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use types::{AccountId, Credits, Product, Timestamp};

use super::{Accounts, Day, Entry, EntryKind, Meter};
use crate::StoreError;
use crate::keys::AccountsKey;
use crate::table::{Item, PrimaryKey, number, part, text};

/// A meter to open.
#[derive(Clone, Debug)]
pub struct NewMeter<'a> {
    /// The plan's name.
    pub plan: &'a str,
    /// Calls a minute and key; none is unlimited, zero is no access.
    pub minute_limit: Option<u64>,
    /// Calls a UTC month; none is unlimited, zero is no access.
    pub month_limit: Option<u64>,
}

impl Accounts {
    /// Opens a product for an account, with no credits. [`StoreError::Conflict`] if it is open.
    pub async fn open_meter(
        &self,
        account: AccountId,
        product: Product,
        meter: &NewMeter<'_>,
    ) -> Result<(), StoreError> {
        self.0.create(meter_item(account, product, meter)).await
    }

    /// The meter as it is now, if the account has the product.
    pub async fn meter(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Option<Meter>, StoreError> {
        let item = self
            .0
            .get(AccountsKey::Meter(account, product).into(), true)
            .await?;
        item.as_ref().map(Meter::from_item).transpose()
    }

    /// Adds credits, with the ledger entry that says why. [`StoreError::Conflict`] if the reference was used before
    /// or the product is not open.
    pub async fn grant(
        &self,
        account: AccountId,
        product: Product,
        amount: Credits,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let add = self
            .0
            .change(AccountsKey::Meter(account, product))
            .update_expression("ADD credits :amount")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":amount", number(amount.tenths()));
        self.0
            .transact(vec![part(add)?, self.append(account, product, entry)?])
            .await
    }

    /// Moves a closed day out of the meter: its calls to the usage series, its spend to the ledger, once.
    ///
    /// The condition is that the counters are still what the caller saw. A call that arrives late opens the day again,
    /// and the next admission that sees it closes it again. [`StoreError::Conflict`] if another instance was first.
    pub async fn close_day(
        &self,
        account: AccountId,
        product: Product,
        day: (&str, Day),
        now: Timestamp,
        reference: &str,
    ) -> Result<(), StoreError> {
        let (name, day) = day;
        let mut writes = vec![
            self.sweep_day(account, product, name, day)?,
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
        self.0.transact(writes).await
    }

    fn sweep_day(
        &self,
        account: AccountId,
        product: Product,
        name: &str,
        day: Day,
    ) -> Result<TransactWriteItem, StoreError> {
        let same = "(#d = :calls OR (attribute_not_exists(#d) AND :calls = :zero)) \
                    AND (#s = :spent OR (attribute_not_exists(#s) AND :spent = :zero))";
        let update = self
            .0
            .change(AccountsKey::Meter(account, product))
            .update_expression("REMOVE #d, #s")
            .condition_expression(same)
            .expression_attribute_names("#d", format!("d{name}"))
            .expression_attribute_names("#s", format!("s{name}"))
            .expression_attribute_values(":calls", number(day.calls))
            .expression_attribute_values(":spent", number(day.spent.tenths()))
            .expression_attribute_values(":zero", number(0));
        part(update)
    }

    fn add_usage(
        &self,
        account: AccountId,
        product: Product,
        name: &str,
        day: Day,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .0
            .change(AccountsKey::Usage(account, product, name))
            .update_expression("ADD calls :calls, tenths :spent")
            .expression_attribute_values(":calls", number(day.calls))
            .expression_attribute_values(":spent", number(day.spent.tenths()));
        part(update)
    }
}

/// The item of a new meter, without credits.
pub(super) fn meter_item(account: AccountId, product: Product, meter: &NewMeter<'_>) -> Item {
    let key: PrimaryKey = AccountsKey::Meter(account, product).into();
    let mut item: Item = key.into_item();
    item.insert("plan".to_owned(), text(meter.plan));
    item.insert("credits".to_owned(), number(0));
    item.insert("jobs_active".to_owned(), number(0));
    // DynamoDB refuses a path into a map that is not there.
    item.insert("grace".to_owned(), AttributeValue::M(Item::new()));
    let limits = [
        ("minute_limit", meter.minute_limit),
        ("month_limit", meter.month_limit),
    ];
    for (name, limit) in limits {
        if let Some(limit) = limit {
            item.insert(name.to_owned(), number(limit));
        }
    }
    item
}
