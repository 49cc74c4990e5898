use std::collections::HashMap;
use std::iter;
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::{KeysAndAttributesBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Delete, KeysAndAttributes, Put, TransactWriteItem, Update,
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use crate::retry::did_not_happen;
use crate::{Dynamo, StoreError};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The most keys that one `BatchGetItem` takes.
const BATCH: usize = 100;

/// One table and the calls that every entity in it uses.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) client: aws_sdk_dynamodb::Client,
    pub(crate) name: String,
}

/// A primary key: partition and sort.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PrimaryKey {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl PrimaryKey {
    /// The key's two attributes.
    pub(crate) fn into_item(self) -> Item {
        Item::from([
            ("pk".to_owned(), text(self.pk)),
            ("sk".to_owned(), text(self.sk)),
        ])
    }

    /// The key of a stored item, taken out of it.
    fn out_of(item: &mut Item) -> Option<Self> {
        let mut part = |name| match item.remove(name) {
            Some(AttributeValue::S(part)) => Some(part),
            _ => None,
        };
        Some(Self {
            pk: part("pk")?,
            sk: part("sk")?,
        })
    }

    /// The key of a stored item.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        let part = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        Some(Self {
            pk: part("pk")?,
            sk: part("sk")?,
        })
    }
}

impl Table {
    pub(crate) fn new(dynamo: &Dynamo, name: String) -> Self {
        Self {
            client: dynamo.0.clone(),
            name,
        }
    }

    /// The item under `key`; strongly consistent if it is to decide something.
    pub(crate) async fn get(
        &self,
        key: PrimaryKey,
        consistent: bool,
    ) -> Result<Option<Item>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key.into_item()));
        Ok(call.consistent_read(consistent).send().await?.item)
    }

    /// An update of the item under `key`, to be completed.
    pub(crate) fn update(&self, key: impl Into<PrimaryKey>) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name(&self.name);
        update.set_key(Some(key.into().into_item()))
    }

    /// Writes an item under a key that has none. [`StoreError::Conflict`] if it has.
    pub(crate) async fn create(&self, item: Item) -> Result<(), StoreError> {
        let put = self.client.put_item().table_name(&self.name);
        put.set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await?;
        Ok(())
    }

    /// A new item as a part of a transaction, which fails if its key has one.
    pub(crate) fn creation(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// An item as a part of a transaction, in the place of what is under its key.
    pub(crate) fn replacement(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// The deletion of an item as a part of a transaction, which fails if there is none.
    pub(crate) fn deletion(
        &self,
        key: impl Into<PrimaryKey>,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key.into().into_item()))
            .condition_expression("attribute_exists(pk)");
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    }

    /// An update of the item under `key`, to be completed and made a part of a transaction with [`part`].
    pub(crate) fn change(&self, key: impl Into<PrimaryKey>) -> UpdateBuilder {
        let update = Update::builder().table_name(&self.name);
        update.set_key(Some(key.into().into_item()))
    }

    /// One transaction, on this table and any other. [`StoreError::Conflict`] if a condition in it does not hold.
    pub(crate) async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<(), StoreError> {
        let Err(error) = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .send()
            .await
        else {
            return Ok(());
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
            error.as_service_error()
        else {
            return Err(error.into());
        };
        let reasons = canceled.cancellation_reasons().iter();
        let codes: Vec<&str> = reasons.filter_map(CancellationReason::code).collect();
        if codes.contains(&"ConditionalCheckFailed") {
            Err(StoreError::Conflict)
        } else if codes.iter().any(|code| did_not_happen(code)) {
            Err(StoreError::Throttled(error.into()))
        } else {
            Err(error.into())
        }
    }

    /// The items that exist under `keys`, by key, and without it. A key may stand there twice. Reads 100 keys a call and what the table left over again.
    pub(crate) async fn batch_get(
        &self,
        keys: Vec<PrimaryKey>,
        consistent: bool,
    ) -> Result<HashMap<PrimaryKey, Item>, StoreError> {
        let request = KeysAndAttributes::builder().consistent_read(consistent);
        self.batch(keys, request).await
    }

    /// The same, eventually consistent, and with these attributes only, the key's among them.
    pub(crate) async fn batch_get_some(
        &self,
        keys: Vec<PrimaryKey>,
        attributes: &str,
    ) -> Result<HashMap<PrimaryKey, Item>, StoreError> {
        let request = KeysAndAttributes::builder().projection_expression(attributes);
        self.batch(keys, request).await
    }

    async fn batch(
        &self,
        keys: Vec<PrimaryKey>,
        request: KeysAndAttributesBuilder,
    ) -> Result<HashMap<PrimaryKey, Item>, StoreError> {
        // DynamoDB refuses a call that names a key twice.
        let mut keys = keys;
        keys.sort_unstable();
        keys.dedup();
        let mut items = keys.into_iter().map(PrimaryKey::into_item);
        let batches = iter::from_fn(|| {
            let batch: Vec<Item> = items.by_ref().take(BATCH).collect();
            (!batch.is_empty()).then_some(batch)
        });
        let found: Vec<Vec<Item>> =
            stream::iter(batches.map(|batch| self.one_batch(batch, request.clone())))
                .buffered(4)
                .try_collect()
                .await?;
        let found = found.into_iter().flatten();
        Ok(found
            .filter_map(|mut item| Some((PrimaryKey::out_of(&mut item)?, item)))
            .collect())
    }

    async fn one_batch(
        &self,
        mut wanted: Vec<Item>,
        request: KeysAndAttributesBuilder,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(wanted.len());
        let mut pause = Duration::from_millis(20);
        while !wanted.is_empty() {
            let request = request.clone().set_keys(Some(wanted)).build()?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.name, request)
                .send()
                .await?;
            items.extend(
                answer
                    .responses
                    .and_then(|mut tables| tables.remove(&self.name))
                    .unwrap_or_default(),
            );
            let left = answer
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(&self.name));
            wanted = left.map(|left| left.keys).unwrap_or_default();
            if !wanted.is_empty() {
                if pause > Duration::from_secs(1) {
                    return Err(StoreError::Throttled("keys stayed unprocessed".into()));
                }
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        Ok(items)
    }

    /// A page of at most `limit` items of a partition whose sort key begins as `prefix`, the last first, from before
    /// `before` on; and whether there may be more. Strongly consistent.
    pub(crate) async fn page_back(
        &self,
        prefix: &PrimaryKey,
        before: Option<PrimaryKey>,
        limit: usize,
    ) -> Result<(Vec<Item>, bool), StoreError> {
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(before.map(PrimaryKey::into_item))
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", text(&prefix.pk))
            .expression_attribute_values(":prefix", text(&prefix.sk))
            .send()
            .await?;
        let has_more = page.last_evaluated_key.is_some();
        Ok((page.items.unwrap_or_default(), has_more))
    }

    /// Every item of a partition whose sort key is between two, both included, in order. Strongly consistent.
    pub(crate) async fn between(
        &self,
        pk: &str,
        first: &str,
        last: &str,
    ) -> Result<Vec<Item>, StoreError> {
        let pages = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
            .into_paginator()
            .items()
            .send();
        Ok(pages.try_collect().await?)
    }

    /// Every item of a partition whose sort key begins with `prefix`, in order. Strongly consistent.
    pub(crate) async fn query(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
        let pages = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":prefix", text(prefix))
            .into_paginator()
            .items()
            .send();
        Ok(pages.try_collect().await?)
    }
}

/// A completed update as a part of a transaction.
pub(crate) fn part(update: UpdateBuilder) -> Result<TransactWriteItem, StoreError> {
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

/// A string attribute.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub(crate) fn number<N: Copy + ToString>(value: N) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// An item's attributes as a row.
pub(crate) fn row<T: DeserializeOwned>(entity: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::malformed(entity, error))
}

/// A row's attributes under a key.
pub(crate) fn item<T: serde::Serialize>(
    entity: &'static str,
    key: PrimaryKey,
    row: &T,
) -> Result<Item, StoreError> {
    let mut item: Item =
        serde_dynamo::to_item(row).map_err(|error| StoreError::malformed(entity, error))?;
    item.extend(key.into_item());
    Ok(item)
}
