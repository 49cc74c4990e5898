//! Items, their keys and attributes, as DynamoDB has them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;

use crate::StoreError;

/// An item: its attributes by name.
pub type Item = HashMap<String, AttributeValue>;

/// A primary key: partition and sort.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrimaryKey {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl PrimaryKey {
    /// The key's two attributes.
    pub fn into_item(self) -> Item {
        Item::from([
            ("pk".to_owned(), text(self.pk)),
            ("sk".to_owned(), text(self.sk)),
        ])
    }

    /// The key of a stored item.
    pub fn of(item: &Item) -> Option<Self> {
        let part = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        Some(Self {
            pk: part("pk")?,
            sk: part("sk")?,
        })
    }
}

/// A string attribute.
pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub fn number<N: Copy + ToString>(value: N) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// An item's attributes as a row.
pub fn row<T: DeserializeOwned>(entity: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::malformed(entity, error))
}

/// A row's attributes under a key.
pub fn item<T: serde::Serialize>(
    entity: &'static str,
    key: PrimaryKey,
    row: &T,
) -> Result<Item, StoreError> {
    let mut item: Item =
        serde_dynamo::to_item(row).map_err(|error| StoreError::malformed(entity, error))?;
    item.extend(key.into_item());
    Ok(item)
}
