use std::fmt::Write as _;

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use store::StoreError;
use store::item::{number, text};
use store::keys::AccountsKey;
use store::table::part;
use types::{AccountId, Product};

use crate::meter_writes::meter_item;
use crate::spread::{ATTEMPTS, changing};
use crate::{Accounts, AuditEntry, Meter, NewMeter};

impl Accounts {
    /// Puts a product that an account has on another plan, with the audit log's entry. Every call writes the meter, so
    /// the next call of any instance sees it. [`StoreError::Conflict`] if the account does not have the product.
    ///
    /// A plan without limits opens the meter's shards. Limits come into force when the shards are folded, so that all that
    /// they have counted is in what is compared. If this ends half-way, the product is on its old plan.
    pub async fn set_plan(
        &self,
        account: AccountId,
        product: Product,
        plan: &NewMeter<'_>,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let seen = self.own_meter(account, product).await?;
            let seen = seen.ok_or(StoreError::Conflict)?;
            let (is_set, tried) = if seen.is_folding() {
                (false, self.fold_shards(account, product, audit.at).await)
            } else if seen.open_shards().is_some() && !plan.is_unlimited() {
                let closed = self.close_shards(account, product, seen.shape);
                (false, closed.await)
            } else {
                let mut writes = self.plan_parts(account, product, &seen, plan)?;
                writes.push(self.audit_part(account, audit)?);
                (true, self.0.transact(writes).await)
            };
            match tried {
                Ok(()) if is_set => return Ok(()),
                // A key was written, or another changes the plan: look again.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(changing())
    }

    /// Opens a further product for an account, with the audit log's entry. What its user may do with the account's other
    /// products, a session may do with this one; that of a suspended account is suspended. [`StoreError::Conflict`] if the
    /// product is open, or the account is suspended or resumed at this moment.
    pub async fn add_product(
        &self,
        account: AccountId,
        product: Product,
        plan: &NewMeter<'_>,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut item = meter_item(account, product, plan);
        let others = self.own_meters(account).await?;
        if let Some(session) = others.values().find_map(|meter| meter.session.as_ref()) {
            item.insert("session".to_owned(), text(session));
        }
        let is_suspended = self.suspension(account).await?.is_some();
        let as_seen = if is_suspended {
            item.insert("suspended".to_owned(), AttributeValue::Bool(true));
            "attribute_exists(suspension)"
        } else {
            "attribute_not_exists(suspension)"
        };
        let mut writes = self.meter_parts(account, product, item)?;
        writes.push(self.0.check(AccountsKey::Account(account), as_seen)?);
        writes.push(self.audit_part(account, audit)?);
        self.0.transact(writes).await
    }

    /// The parts of a transaction that put a meter on a plan that its shards are fit for, or that opens them.
    fn plan_parts(
        &self,
        account: AccountId,
        product: Product,
        seen: &Meter,
        plan: &NewMeter<'_>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut set = "SET #plan = :plan".to_owned();
        let mut remove = Vec::new();
        let mut change = self
            .0
            .change(AccountsKey::Meter(account, product))
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
        let mut shards = Vec::new();
        if seen.open_shards().is_some() {
            change = change.condition_expression("attribute_exists(shards)");
        } else if plan.is_unlimited() {
            let mut opened = seen.clone();
            opened.shape = seen.shape.opened();
            shards = self.shard_parts(account, product, &opened)?;
            set.push_str(", shards = :shards, shards_rev = :rev");
            change = as_seen(change, seen)
                .expression_attribute_values(":shards", number(shards.len()))
                .expression_attribute_values(":rev", number(opened.shape.rev));
        } else {
            change = change.condition_expression(UNSHARDED);
        }
        if !remove.is_empty() {
            set = format!("{set} REMOVE {}", remove.join(", "));
        }
        let mut writes = vec![part(change.update_expression(set))?];
        writes.extend(shards);
        Ok(writes)
    }
}

/// A meter that has no shards, open or closed.
const UNSHARDED: &str =
    "attribute_exists(pk) AND attribute_not_exists(shards) AND attribute_not_exists(folding)";

/// Puts the condition on a change that the meter still has no shards, and the keys that were seen: its shards get these.
fn as_seen(change: UpdateBuilder, seen: &Meter) -> UpdateBuilder {
    let mut condition = UNSHARDED.to_owned();
    let mut change = change;
    let mut keys = seen.key_attributes();
    for (name, alias, value) in [
        ("active", "#active", ":active"),
        ("grace", "#grace", ":grace"),
        ("session", "#session", ":session"),
        ("suspended", "#suspended", ":suspended"),
    ] {
        change = change.expression_attribute_names(alias, name);
        if let Some(known) = keys.remove(name) {
            let _ = write!(condition, " AND {alias} = {value}");
            change = change.expression_attribute_values(value, known);
        } else {
            let _ = write!(condition, " AND attribute_not_exists({alias})");
        }
    }
    change.condition_expression(condition)
}
