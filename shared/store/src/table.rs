//! One table, and the calls and values that the repositories share.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update,
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use crate::batch::{Batch, Reading};
use crate::item::{Item, PrimaryKey, number, text};
use crate::retry::did_not_happen;
use crate::{Dynamo, StoreError};

/// The most keys that one `BatchGetItem` takes.
const BATCH: usize = 100;

/// One table and the calls that every entity in it uses.
#[derive(Clone, Debug)]
pub struct Table {
    client: aws_sdk_dynamodb::Client,
    name: String,
}

impl Table {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, name: String) -> Self {
        Self {
            client: dynamo.0.clone(),
            name,
        }
    }

    /// The client, for a call that only one entity makes.
    pub const fn client(&self) -> &aws_sdk_dynamodb::Client {
        &self.client
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The item under `key`; strongly consistent if it is to decide something.
    pub async fn get(&self, key: PrimaryKey, consistent: bool) -> Result<Option<Item>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key.into_item()));
        Ok(call.consistent_read(consistent).send().await?.item)
    }

    /// An update of the item under `key`, to be completed. One that must not be applied
    /// twice is sent by [`at_most_once`](crate::retry::at_most_once).
    pub fn update(&self, key: impl Into<PrimaryKey>) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name(&self.name);
        update.set_key(Some(key.into().into_item()))
    }

    /// Writes an item under a key that has none. [`StoreError::Conflict`] if it has.
    pub async fn create(&self, item: Item) -> Result<(), StoreError> {
        let put = self.client.put_item().table_name(&self.name);
        put.set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await?;
        Ok(())
    }

    /// A new item as a part of a transaction, which fails if its key has one.
    pub fn creation(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// An item as a part of a transaction, which replaces what is under its key.
    pub fn replacement(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    /// The deletion of an item as a part of a transaction, which fails if there is none.
    pub fn deletion(&self, key: impl Into<PrimaryKey>) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key.into().into_item()))
            .condition_expression("attribute_exists(pk)");
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    }

    /// A condition on the item under `key`, which is not written, as a part of a transaction.
    pub fn check(
        &self,
        key: impl Into<PrimaryKey>,
        condition: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(key.into().into_item()))
            .condition_expression(condition);
        Ok(TransactWriteItem::builder()
            .condition_check(check.build()?)
            .build())
    }

    /// An update of the item under `key`, to be completed and made a part of a transaction with [`part`].
    pub fn change(&self, key: impl Into<PrimaryKey>) -> UpdateBuilder {
        let update = Update::builder().table_name(&self.name);
        update.set_key(Some(key.into().into_item()))
    }

    /// One more in the number `attribute`, which may be at most `limit`, as a part of a transaction.
    pub fn count_up(
        &self,
        key: impl Into<PrimaryKey>,
        attribute: &str,
        limit: Option<u64>,
    ) -> Result<TransactWriteItem, StoreError> {
        let count = self
            .change(key)
            .update_expression(format!("ADD {attribute} :one"))
            .expression_attribute_values(":one", number(1));
        let Some(limit) = limit else {
            return part(count);
        };
        let fits = format!(
            "(attribute_not_exists({attribute}) AND :limit > :none) OR {attribute} < :limit"
        );
        let count = count
            .condition_expression(fits)
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":limit", number(limit));
        part(count)
    }

    /// One transaction, on this table and any other. [`StoreError::Conflict`] if a condition in it does not hold.
    pub async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<(), StoreError> {
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

    /// The items that exist under `keys`, by key. A key may be named twice. Strongly consistent.
    pub async fn batch_get(
        &self,
        keys: &[PrimaryKey],
    ) -> Result<HashMap<PrimaryKey, Item>, StoreError> {
        let found: Vec<serde_dynamo::Item> = self.batch(keys, Reading::Consistent).await?;
        let items = found.into_iter().map(Item::from);
        Ok(items
            .filter_map(|item| Some((PrimaryKey::of(&item)?, item)))
            .collect())
    }

    /// The items that exist under `keys`, in no order, as something that is read from DynamoDB's JSON. A key may be named
    /// twice. Reads 100 keys a call and what the table left over again.
    pub async fn batch<T: DeserializeOwned>(
        &self,
        keys: &[PrimaryKey],
        reading: Reading<'_>,
    ) -> Result<Vec<T>, StoreError> {
        // DynamoDB refuses a call that names a key twice.
        let mut keys: Vec<&PrimaryKey> = keys.iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let calls: Vec<_> = keys
            .chunks(BATCH)
            .map(|keys| self.one_batch(keys, reading))
            .collect();
        stream::iter(calls).buffered(4).try_concat().await
    }

    async fn one_batch<T: DeserializeOwned>(
        &self,
        keys: &[&PrimaryKey],
        reading: Reading<'_>,
    ) -> Result<Vec<T>, StoreError> {
        let Batch {
            mut items,
            mut left,
        } = Batch::read(&self.client, &self.name, keys, reading).await?;
        let mut pause = Duration::from_millis(20);
        while !left.is_empty() {
            if pause > Duration::from_secs(1) {
                return Err(StoreError::Throttled("keys stayed unprocessed".into()));
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            let keys: Vec<&PrimaryKey> = left.iter().collect();
            let more = Batch::read(&self.client, &self.name, &keys, reading).await?;
            items.extend(more.items);
            left = more.left;
        }
        Ok(items)
    }

    /// A page of at most `limit` items of a partition whose sort key begins as `prefix`, the last first, from before
    /// `before` on; and whether there may be more. Strongly consistent.
    pub async fn page_back(
        &self,
        prefix: &PrimaryKey,
        before: Option<PrimaryKey>,
        limit: usize,
    ) -> Result<(Vec<Item>, bool), StoreError> {
        let query = self.page(prefix, before, limit).scan_index_forward(false);
        send_page(query).await
    }

    /// The same, the first item first, from behind `after` on.
    pub async fn page_forward(
        &self,
        prefix: &PrimaryKey,
        after: Option<PrimaryKey>,
        limit: usize,
    ) -> Result<(Vec<Item>, bool), StoreError> {
        send_page(self.page(prefix, after, limit)).await
    }

    fn page(
        &self,
        prefix: &PrimaryKey,
        start: Option<PrimaryKey>,
        limit: usize,
    ) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start.map(PrimaryKey::into_item))
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", text(&prefix.pk))
            .expression_attribute_values(":prefix", text(&prefix.sk))
    }

    /// Every item of a partition whose sort key is between two, both included, in order. Strongly consistent.
    pub async fn between(
        &self,
        pk: &str,
        first: &str,
        last: &str,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::new();
        let take = |item| {
            found.push(item);
            Ok(())
        };
        self.each_between(pk, (first, last), take).await?;
        Ok(found)
    }

    /// The same, one item after the other, so that no more than a page of them is in memory.
    pub async fn each_between(
        &self,
        pk: &str,
        (first, last): (&str, &str),
        mut take: impl FnMut(Item) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut items = self
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
        while let Some(item) = items.next().await {
            take(item?)?;
        }
        Ok(())
    }

    /// Every item of a partition whose sort key begins with `prefix`, in order. Strongly consistent.
    pub async fn query(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
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

async fn send_page(query: QueryFluentBuilder) -> Result<(Vec<Item>, bool), StoreError> {
    let page = query.send().await?;
    let has_more = page.last_evaluated_key.is_some();
    Ok((page.items.unwrap_or_default(), has_more))
}

/// A completed update as a part of a transaction.
pub fn part(update: UpdateBuilder) -> Result<TransactWriteItem, StoreError> {
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;
    use aws_sdk_dynamodb::types::AttributeValue;
    use expect_test::expect;

    fn keys(parts: &[&str]) -> Vec<PrimaryKey> {
        let key = |part: &&str| PrimaryKey {
            pk: (*part).to_owned(),
            sk: "K".to_owned(),
        };
        parts.iter().map(key).collect()
    }

    fn table(fake: &Fake) -> Table {
        Table::new(&fake.dynamo(), "t".to_owned())
    }

    #[tokio::test]
    async fn a_batch_asks_once_for_a_key_and_again_for_what_was_left_over() {
        let fake = Fake::answering([
            (
                200,
                r#"{"Responses":{"t":[{"pk":{"S":"a"},"sk":{"S":"K"},"n":{"N":"1"}}]},
                    "UnprocessedKeys":{"t":{"Keys":[{"pk":{"S":"b\""},"sk":{"S":"K"}}],"ConsistentRead":true}}}"#,
            ),
            (
                200,
                r#"{"Responses":{"t":[{"pk":{"S":"b\""},"sk":{"S":"K"},"l":{"L":[{"BOOL":true},{"NULL":true}]}}]},
                    "UnprocessedKeys":{}}"#,
            ),
        ]);
        let found = table(&fake).batch_get(&keys(&["a", "b\"", "a", "c"])).await;
        let mut found: Vec<_> = found.unwrap().into_iter().collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let names: Vec<&str> = found.iter().map(|(key, _)| key.pk.as_str()).collect();
        assert_eq!(names, ["a", "b\""]);
        assert_eq!(found[0].1["n"], AttributeValue::N("1".to_owned()));
        let list = vec![AttributeValue::Bool(true), AttributeValue::Null(true)];
        assert_eq!(found[1].1["l"], AttributeValue::L(list));
        let asked: Vec<String> = fake.requests().into_iter().map(|seen| seen.body).collect();
        expect![[r#"
            {"RequestItems":{"t":{"Keys":[{"pk":{"S":"a"},"sk":{"S":"K"}},{"pk":{"S":"b\""},"sk":{"S":"K"}},{"pk":{"S":"c"},"sk":{"S":"K"}}],"ConsistentRead":true}}}
            {"RequestItems":{"t":{"Keys":[{"pk":{"S":"b\""},"sk":{"S":"K"}}],"ConsistentRead":true}}}
        "#]]
        .assert_eq(&format!("{}\n", asked.join("\n")));
    }

    #[tokio::test]
    async fn a_throttled_batch_is_tried_again_and_a_refused_one_is_not() {
        let throttled = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}"#;
        let fake = Fake::answering([(400, throttled), (200, "{}")]);
        assert!(
            table(&fake)
                .batch_get(&keys(&["a"]))
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(fake.requests().len(), 2);

        let refused =
            r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}"#;
        let fake = Fake::answering([(400, refused)]);
        let error = table(&fake).batch_get(&keys(&["a"])).await.unwrap_err();
        assert!(matches!(error, StoreError::Malformed { .. }), "{error:?}");
        assert_eq!(fake.requests().len(), 1);
    }

    #[tokio::test]
    async fn an_answer_that_is_none_is_an_error() {
        for answer in ["", "no JSON", r#"{"Responses":{"t":[{"pk":{"X":"a"}}]}}"#] {
            let fake = Fake::answering([(200, answer)]);
            let error = table(&fake).batch_get(&keys(&["a"])).await.unwrap_err();
            assert!(matches!(error, StoreError::Malformed { .. }), "{error:?}");
        }
    }
}
