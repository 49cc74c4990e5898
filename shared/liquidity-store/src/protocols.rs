use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::ReturnValue;
use store::item::{PrimaryKey, item, row};
use store::keys::IntelKey;
use store::table::Table;
use store::{Dynamo, StoreError};
use types::ProtocolSlug;

use crate::Protocol;

/// The protocols of the `intel` table.
#[derive(Clone, Debug)]
pub struct Protocols(Table);

/// What storing a protocol has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It was not there before.
    Created,
    /// Other facts were stored of it.
    Updated,
    /// The same facts were stored of it.
    Unchanged,
}

impl Protocols {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String) -> Self {
        Self(Table::new(dynamo, table))
    }

    /// The protocol of this slug. Perhaps a second behind what was stored last.
    pub async fn find(&self, slug: &ProtocolSlug) -> Result<Option<Protocol>, StoreError> {
        let found = self.0.get(IntelKey::Protocol(slug).into(), false).await?;
        found.map(|item| row("protocol", item)).transpose()
    }

    /// The protocols of these slugs, by slug; one that is not known is left out. One batch read for each hundred.
    pub async fn find_all<'a>(
        &self,
        slugs: impl Iterator<Item = &'a ProtocolSlug>,
    ) -> Result<BTreeMap<ProtocolSlug, Protocol>, StoreError> {
        let keys: Vec<PrimaryKey> = slugs.map(|slug| IntelKey::Protocol(slug).into()).collect();
        let found = self.0.batch_get(&keys).await?;
        let protocols = found.into_values().map(|item| row("protocol", item));
        protocols
            .map(|protocol: Result<Protocol, _>| protocol.map(|found| (found.slug.clone(), found)))
            .collect()
    }

    /// Stores a protocol in place of what is stored of it.
    pub async fn put(&self, protocol: &Protocol) -> Result<Stored, StoreError> {
        let key = IntelKey::Protocol(&protocol.slug).into();
        let put = self.0.client().put_item().table_name(self.0.name());
        let put = put
            .set_item(Some(item("protocol", key, protocol)?))
            .return_values(ReturnValue::AllOld)
            .send()
            .await?;
        let before = put.attributes.filter(|item| !item.is_empty());
        Ok(match before.map(|item| row::<Protocol>("protocol", item)) {
            None => Stored::Created,
            Some(Ok(before)) if before == *protocol => Stored::Unchanged,
            Some(_) => Stored::Updated,
        })
    }
}
