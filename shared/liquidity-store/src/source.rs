use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::StoreError;
use store::item::{PrimaryKey, item, number, row};
use store::keys::IntelKey;
use store::retry::pause;
use types::{ProtocolSlug, Timestamp};

use crate::Protocols;

/// How often a change starts over when another run has changed the same source meanwhile.
const ATTEMPTS: u32 = 6;

/// What is remembered of a public source of protocols.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtocolSource {
    /// The moment that its statements of a day are about, so that a repetition on the same day states the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_at: Option<Timestamp>,
    /// The `stated_at` of the last day of which everything is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// The protocols that are being created: their history may be recorded in part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub begun: Vec<ProtocolSlug>,
    /// The entity tags of its documents, by the document's name, of responses that are recorded as a whole.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub etags: BTreeMap<String, String>,
    /// Until when it asked for no requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Timestamp>,
    /// How often it has been written; each write is on the condition that there was none in between.
    #[serde(default)]
    pub version: u64,
}

impl Protocols {
    /// What is remembered of a source. Strongly consistent.
    pub async fn source(&self, name: &str) -> Result<ProtocolSource, StoreError> {
        let found = self
            .0
            .get(IntelKey::ProtocolSource(name).into(), true)
            .await?;
        let found = found.map(|item| row("protocol source", item)).transpose()?;
        Ok(found.unwrap_or_default())
    }

    /// Changes what is remembered of a source, and returns it as it is then. `change` is applied again to what another run has written
    /// meanwhile. Nothing is written if it changes nothing.
    pub async fn change_source(
        &self,
        name: &str,
        change: impl Fn(&mut ProtocolSource),
    ) -> Result<ProtocolSource, StoreError> {
        for attempt in 0..ATTEMPTS {
            let before = self.source(name).await?;
            let mut after = before.clone();
            change(&mut after);
            if after == before {
                return Ok(after);
            }
            after.version += 1;
            match self.put_source(name, &after).await {
                Ok(()) => return Ok(after),
                Err(StoreError::Conflict | StoreError::Throttled(_)) => pause(attempt).await,
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Throttled(
            "the same source is being changed by many".into(),
        ))
    }

    async fn put_source(&self, name: &str, source: &ProtocolSource) -> Result<(), StoreError> {
        let key: PrimaryKey = IntelKey::ProtocolSource(name).into();
        let put = self.0.client().put_item().table_name(self.0.name());
        put.set_item(Some(item("protocol source", key, source)?))
            .condition_expression("attribute_not_exists(pk) OR version = :before")
            .expression_attribute_values(":before", number(source.version - 1))
            .send()
            .await?;
        Ok(())
    }
}
