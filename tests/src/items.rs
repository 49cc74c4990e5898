use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use store::item::row;
use types::{AccountId, JobId};
use webhook_store::EventImage;
use workspace::Event;

use crate::event_requests::check_data;
use crate::{Customer, TestApp};

/// A DynamoDB item.
pub type Item = HashMap<String, AttributeValue>;

impl TestApp {
    /// A customer's item in the accounts table, by sort key.
    pub async fn item(&self, customer: &Customer, sort: &str) -> Option<Item> {
        self.stored(partition(customer), sort).await
    }

    /// The item of a shard of a customer's meter.
    pub async fn shard(&self, customer: &Customer, shard: u8) -> Option<Item> {
        let sort = format!("SHARD#{}", customer.product);
        self.stored(format!("ACCT#{}#{shard:02}", customer.account), &sort)
            .await
    }

    async fn stored(&self, partition: String, sort: &str) -> Option<Item> {
        let get = self.dynamo().get_item();
        let answer = get
            .table_name(self.accounts_table())
            .set_key(Some(key(partition, sort)))
            .consistent_read(true)
            .send();
        answer.await.unwrap().item
    }

    /// Sets attributes of a customer's item, bypassing the crates under test.
    pub async fn put(&self, customer: &Customer, sort: &str, attributes: Item) {
        self.put_at(partition(customer), sort, attributes).await;
    }

    /// Sets attributes of an item of the accounts table, bypassing the crates under test.
    pub async fn put_at(&self, partition: String, sort: &str, attributes: Item) {
        let mut item = self
            .stored(partition, sort)
            .await
            .expect("there is such an item");
        item.extend(attributes);
        let put = self.dynamo().put_item();
        let put = put.table_name(self.accounts_table()).set_item(Some(item));
        put.send().await.unwrap();
    }

    /// Sets a number of an item of the workspace table, bypassing the crates under test.
    pub async fn set_number(&self, pk: &str, sk: &str, attribute: &str, value: i64) {
        let update = self.dynamo().update_item();
        let changed = update
            .table_name(self.env.required("WORKSPACE_TABLE").unwrap())
            .set_key(Some(key(pk.to_owned(), sk)))
            .update_expression("SET #attribute = :value")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", AttributeValue::N(value.to_string()))
            .send();
        changed.await.unwrap();
    }

    /// Overwrites one attribute of a customer's item, bypassing the crates under test.
    pub async fn tamper(&self, customer: &Customer, sort: &str, attribute: &str, value: i64) {
        let update = self.dynamo().update_item();
        let changed = update
            .table_name(self.accounts_table())
            .set_key(Some(key(partition(customer), sort)))
            .update_expression("SET #attribute = :value")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", AttributeValue::N(value.to_string()))
            .send();
        changed.await.unwrap();
    }

    /// Removes an attribute of a job, bypassing the crates under test.
    pub async fn forget_of_job(&self, customer: &Customer, job: JobId, attribute: &str) {
        let update = self.dynamo().update_item();
        let changed = update
            .table_name(self.env.required("WORKSPACE_TABLE").unwrap())
            .set_key(Some(key(
                partition(customer),
                &format!("JOB#intent#score#{job}"),
            )))
            .update_expression("REMOVE #attribute")
            .condition_expression("attribute_exists(#attribute)")
            .expression_attribute_names("#attribute", attribute)
            .send();
        changed.await.unwrap();
    }

    /// Deletes a customer's item, bypassing the crates under test.
    pub async fn lose(&self, customer: &Customer, sort: &str) {
        let delete = self.dynamo().delete_item();
        let deleted = delete
            .table_name(self.accounts_table())
            .set_key(Some(key(partition(customer), sort)))
            .condition_expression("attribute_exists(pk)")
            .send();
        deleted.await.unwrap();
    }

    /// The sort keys of a customer's events in the workspace table, without their common prefix.
    pub async fn events(&self, customer: &Customer) -> Vec<String> {
        self.events_of(customer.account).await
    }

    /// The same of an account.
    pub async fn events_of(&self, account: AccountId) -> Vec<String> {
        let items = self.event_items(account).await;
        let keys = items.iter().map(|item| item["sk"].as_s().unwrap());
        keys.map(|key| key.trim_start_matches("EVENT#").to_owned())
            .collect()
    }

    /// The events of an account, read from their items, in the order of their ids. Each has to be as the API's description has it.
    pub async fn stored_events(&self, account: AccountId) -> Vec<Event> {
        let items = self.event_items(account).await.into_iter();
        let events = items.map(|item| {
            let image = EventImage::of(item.clone().into()).unwrap();
            check_data(&image.kind, &image.payload);
            row("stored event", item).unwrap()
        });
        events.collect()
    }

    async fn event_items(&self, account: AccountId) -> Vec<Item> {
        let page = self
            .dynamo()
            .query()
            .table_name(self.env.required("WORKSPACE_TABLE").unwrap())
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :events)")
            .expression_attribute_values(":pk", text(format!("ACCT#{account}")))
            .expression_attribute_values(":events", text("EVENT#".to_owned()))
            .send()
            .await
            .unwrap();
        page.items.unwrap_or_default()
    }

    /// An item of the workspace table.
    pub async fn workspace_item(&self, pk: &str, sk: &str) -> Option<Item> {
        let get = self.dynamo().get_item();
        let answer = get
            .table_name(self.env.required("WORKSPACE_TABLE").unwrap())
            .key("pk", text(pk.to_owned()))
            .key("sk", text(sk.to_owned()))
            .consistent_read(true)
            .send();
        answer.await.unwrap().item
    }

    /// Sets how many protocols are counted, bypassing the crates under test.
    pub async fn set_protocol_count(&self, count: u64) {
        let mut item = key("PROTOCOLCOUNT".to_owned(), "PROTOCOLCOUNT");
        item.insert("protocols".to_owned(), AttributeValue::N(count.to_string()));
        let put = self.dynamo().put_item();
        let put = put.table_name(self.env.required("INTEL_TABLE").unwrap());
        put.set_item(Some(item)).send().await.unwrap();
    }

    fn dynamo(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.aws)
    }

    fn accounts_table(&self) -> String {
        self.env.required("ACCOUNTS_TABLE").unwrap()
    }
}

fn partition(customer: &Customer) -> String {
    format!("ACCT#{}", customer.account)
}

fn key(partition: String, sort: &str) -> Item {
    let key = [("pk", partition), ("sk", sort.to_owned())];
    key.into_iter()
        .map(|(name, value)| (name.to_owned(), text(value)))
        .collect()
}

fn text(text: String) -> AttributeValue {
    AttributeValue::S(text)
}

/// The size of an item in bytes as DynamoDB counts it: names and strings in UTF-8, one byte per two digits of a number plus
/// one, three bytes for a list or map plus one per element (Amazon DynamoDB Developer Guide, "Item sizes").
pub fn size_of(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + bytes(value))
        .sum()
}

fn bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => {
            let sign = usize::from(digits.starts_with('-'));
            digits.trim_start_matches('-').len().div_ceil(2) + 1 + sign
        }
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::M(map) => 3 + size_of(map) + map.len(),
        other => panic!("no such attribute is kept here: {other:?}"),
    }
}
