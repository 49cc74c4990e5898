use aws_sdk_dynamodb::types::AttributeValue;
use store::StoreError;
use store::item::{Item, PrimaryKey, number, text};
use store::keys::AccountsKey;
use types::{AccountId, Product};

use crate::Accounts;
use crate::counting_write::no_tokens;
use crate::shards::SHARDS;

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

impl NewMeter<'_> {
    /// Whether there is nothing to compare a call with, so that its counters need only be exact in sum.
    pub(crate) const fn is_unlimited(&self) -> bool {
        self.minute_limit.is_none() && self.month_limit.is_none()
    }
}

impl Accounts {
    /// Opens a product for an account, with no credits. [`StoreError::Conflict`] if it is open.
    pub async fn open_meter(
        &self,
        account: AccountId,
        product: Product,
        meter: &NewMeter<'_>,
    ) -> Result<(), StoreError> {
        let item = meter_item(account, product, meter);
        let writes = self.meter_parts(account, product, item)?;
        self.0.transact(writes).await
    }
}

/// The item of a new meter, without credits and keys. [`Accounts::meter_parts`] puts its shards beside it.
pub(crate) fn meter_item(account: AccountId, product: Product, meter: &NewMeter<'_>) -> Item {
    let key: PrimaryKey = AccountsKey::Meter(account, product).into();
    let mut item: Item = key.into_item();
    item.insert("plan".to_owned(), text(meter.plan));
    item.insert("credits".to_owned(), number(0));
    item.insert("jobs_active".to_owned(), number(0));
    item.extend(no_tokens());
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
    if meter.is_unlimited() {
        item.insert("shards".to_owned(), number(SHARDS));
        item.insert("shards_rev".to_owned(), number(1));
    }
    item
}
