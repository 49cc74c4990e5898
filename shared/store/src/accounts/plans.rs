use std::collections::BTreeMap;

use types::{AccountId, Product};

use super::meter_writes::meter_item;
use super::{Accounts, AuditEntry, Meter, NewMeter};
use crate::StoreError;
use crate::keys::{AccountsKey, METERS};
use crate::table::{PrimaryKey, number, part, text};

impl Accounts {
    /// The meters of every product that an account has.
    pub async fn meters(&self, account: AccountId) -> Result<BTreeMap<Product, Meter>, StoreError> {
        let items = self
            .0
            .query(&AccountsKey::partition(account), METERS)
            .await?;
        let mut meters = BTreeMap::new();
        for item in items {
            let product = PrimaryKey::of(&item).and_then(|key| key.product_of_meter());
            let product = product.ok_or_else(|| StoreError::malformed("meter", "no product"))?;
            meters.insert(product, Meter::from_item(&item)?);
        }
        Ok(meters)
    }

    /// Puts a product that an account has on another plan, with the audit log's entry. Every call writes the meter, so
    /// the next call of any instance sees it. [`StoreError::Conflict`] if the account does not have the product.
    pub async fn set_plan(
        &self,
        account: AccountId,
        product: Product,
        plan: &NewMeter<'_>,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut set = "SET #plan = :plan".to_owned();
        let mut remove = Vec::new();
        let mut change = self
            .0
            .change(AccountsKey::Meter(account, product))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#plan", "plan")
            .expression_attribute_values(":plan", text(plan.plan));
        for (name, value, limit) in [
            ("minute_limit", ":minute", plan.minute_limit),
            ("month_limit", ":month", plan.month_limit),
        ] {
            if let Some(limit) = limit {
                set = format!("{set}, {name} = {value}");
                change = change.expression_attribute_values(value, number(limit));
            } else {
                remove.push(name);
            }
        }
        if !remove.is_empty() {
            set = format!("{set} REMOVE {}", remove.join(", "));
        }
        let change = part(change.update_expression(set))?;
        let audit = self.audit_part(account, audit)?;
        self.0.transact(vec![change, audit]).await
    }

    /// Opens a further product for an account, with the audit log's entry. What its user may do with the account's other
    /// products, a session may do with this one. [`StoreError::Conflict`] if the product is open.
    pub async fn add_product(
        &self,
        account: AccountId,
        product: Product,
        plan: &NewMeter<'_>,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut item = meter_item(account, product, plan);
        let others = self.meters(account).await?;
        if let Some(session) = others.values().find_map(Meter::session) {
            item.insert("session".to_owned(), text(session));
        }
        let writes = vec![self.0.creation(item)?, self.audit_part(account, audit)?];
        self.0.transact(writes).await
    }
}
