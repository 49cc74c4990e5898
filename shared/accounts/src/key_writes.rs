use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::TransactWriteItem;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use store::item::{item, number, text};
use store::keys::AccountsKey;
use store::table::part;
use store::{KeyHash, StoreError};
use types::{AccountId, KeyId, Product, Timestamp};

use crate::issued_keys::LISTED;
use crate::key_change::{KeyChange, KeyLimits};
use crate::{Accounts, AuditEntry, IssuedKey, KeyRow, Meter};

/// Ended grace periods that one rotation removes, within DynamoDB's 4 KB an expression; the next one removes more.
const MAX_REMOVED: usize = 50;

impl Accounts {
    /// Writes a key, makes it one of at most `limits.active` active keys of its product, and counts it in the hour of
    /// `audit.at`. `seen` is the meter, whose counters of past hours are removed.
    /// [`StoreError::Conflict`] if there are as many, the account is suspended, or does not have the product.
    pub async fn issue_key(
        &self,
        hash: &KeyHash,
        key: &IssuedKey,
        limits: KeyLimits,
        seen: &Meter,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let KeyRow {
            account,
            product,
            key: id,
            ..
        } = key.row;
        let change = self
            .0
            .change(AccountsKey::Meter(account, product))
            .expression_attribute_values(":key", AttributeValue::Ss(vec![id.suffix()]))
            .expression_attribute_values(":limit", number(limits.active));
        let fits =
            "attribute_exists(pk) AND (attribute_not_exists(active) OR size(active) < :limit)";
        let activate = KeyChange::new(change, ("", Some("active :key")), fits)
            .counting(limits, seen, audit.at)
            .update();
        let others = vec![self.audit_part(account, audit)?];
        self.write_key(hash, key, activate, others).await
    }

    /// Replaces `old` by `new`, which is counted as an issued key is; `old` is still accepted until `until`.
    ///
    /// The set of active keys is replaced as a whole, under the condition that it is the one of `seen`: an item's update may
    /// not add to a set and take from it. As each rotation changes the set, and none gives it back what it was, no key has
    /// come into its grace since `seen`. [`StoreError::Conflict`] if the set is another by now, or as for an issued key.
    pub async fn rotate_key(
        &self,
        (old, until): (&IssuedKey, Timestamp),
        (hash, new): (&KeyHash, &IssuedKey),
        limits: KeyLimits,
        seen: &Meter,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let KeyRow {
            account,
            product,
            key: id,
            ..
        } = old.row;
        let left = seen.active.iter().filter(|key| **key != id.suffix());
        let active = left.cloned().chain([new.row.key.suffix()]).collect();
        let change = self
            .0
            .change(AccountsKey::Meter(account, product))
            .expression_attribute_names("#key", id.suffix())
            .expression_attribute_values(":key", text(id.suffix()))
            .expression_attribute_values(":until", number(until.as_second()))
            .expression_attribute_values(":seen", AttributeValue::Ss(seen.active.clone()))
            .expression_attribute_values(":active", AttributeValue::Ss(active));
        let sets = "active = :active, grace.#key = :until";
        let is_seen = "active = :seen AND contains(active, :key)";
        let mut change = KeyChange::new(change, (sets, None), is_seen);
        for (index, key) in seen.ended_grace(audit.at).take(MAX_REMOVED).enumerate() {
            let alias = format!("#e{index}");
            change = change.removing(format!("grace.{alias}"), (alias, key.clone()));
        }
        let change = change.counting(limits, seen, audit.at).update();
        let note = self
            .0
            .change(AccountsKey::AccountKey(account, product, id))
            .update_expression("SET grace_until = :until, replaced_by = :by, expires = :expires")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":until", text(until.to_string()))
            .expression_attribute_values(":by", text(new.row.key.to_string()))
            .expression_attribute_values(":expires", number(until.as_second() + LISTED));
        let others = vec![part(note)?, self.audit_part(account, audit)?];
        self.write_key(hash, new, change, others).await
    }

    /// Adds a further secret to a key, as `key` describes it. [`StoreError::Conflict`] if it was rotated or is no longer active.
    pub async fn add_secret(
        &self,
        hash: &KeyHash,
        key: &IssuedKey,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let KeyRow {
            account,
            product,
            key: id,
            ..
        } = key.row;
        let found_by = item("key", AccountsKey::ApiKey(hash).into(), &key.row)?;
        let note = self
            .0
            .change(AccountsKey::AccountKey(account, product, id))
            .update_expression("SET last4 = :last4")
            .condition_expression(
                "attribute_exists(pk) AND attribute_not_exists(revoked_at) AND attribute_not_exists(grace_until)",
            )
            .expression_attribute_values(":last4", text(&key.last4));
        self.0
            .transact(vec![
                self.0.creation(found_by)?,
                part(note)?,
                self.audit_part(account, audit)?,
            ])
            .await
    }

    /// Removes a key from its meter: once this returns, no call with it is admitted.
    /// [`StoreError::Conflict`] if the key is not in use on this product.
    pub async fn revoke_key(
        &self,
        account: AccountId,
        product: Product,
        key: KeyId,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        let deactivate = self
            .0
            .change(AccountsKey::Meter(account, product))
            .update_expression("DELETE active :keys REMOVE grace.#key")
            .condition_expression("contains(active, :key) OR attribute_exists(grace.#key)")
            .expression_attribute_names("#key", key.suffix())
            .expression_attribute_values(":key", text(key.suffix()))
            .expression_attribute_values(":keys", AttributeValue::Ss(vec![key.suffix()]));
        let note = self
            .0
            .change(AccountsKey::AccountKey(account, product, key))
            .update_expression("SET revoked_at = :now, expires = :expires")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", text(audit.at.to_string()))
            .expression_attribute_values(":expires", number(audit.at.as_second() + LISTED));
        let others = vec![part(note)?, self.audit_part(account, audit)?];
        self.change_keys(account, product, deactivate, others).await
    }

    /// Removes expired keys, which nothing makes valid again, from their meter, so that others can be issued.
    pub async fn drop_expired(
        &self,
        account: AccountId,
        product: Product,
        expired: &[KeyId],
    ) -> Result<(), StoreError> {
        let keys = expired.iter().map(KeyId::suffix).collect();
        let change = self
            .0
            .change(AccountsKey::Meter(account, product))
            .update_expression("DELETE active :keys")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":keys", AttributeValue::Ss(keys));
        self.change_keys(account, product, change, Vec::new()).await
    }

    async fn write_key(
        &self,
        hash: &KeyHash,
        key: &IssuedKey,
        meter: UpdateBuilder,
        others: Vec<TransactWriteItem>,
    ) -> Result<(), StoreError> {
        let KeyRow {
            account,
            product,
            key: id,
            ..
        } = key.row;
        let found_by = item("key", AccountsKey::ApiKey(hash).into(), &key.row)?;
        let listed = AccountsKey::AccountKey(account, product, id).into();
        let mut listed = item("issued key", listed, key)?;
        if let Some(end) = key.row.expires_at {
            listed.insert("expires".to_owned(), number(end.as_second() + LISTED));
        }
        let mut writes = vec![self.0.creation(found_by)?, self.0.creation(listed)?];
        writes.extend(others);
        self.change_keys(account, product, meter, writes).await
    }
}
