use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use store::item::{PrimaryKey, item, number, row, text};
use store::keys::{IntelKey, SOURCES};
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::Intel;

/// How long it is remembered what a source said, in seconds: after that a change would be no news.
const KEPT_SECONDS: i64 = 400 * 86_400;

/// What is remembered of one public source and one company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    /// Which source.
    pub source: String,
    /// When it last responded, in seconds since 1970.
    pub fetched_at: Option<i64>,
    /// When it is to be asked again, in seconds since 1970.
    pub next_at: i64,
    /// How often in a row it did not respond.
    #[serde(default)]
    pub failures: u32,
    /// Why it did not respond the last time.
    pub error: Option<String>,
    /// The entity tag of its last response.
    pub etag: Option<String>,
    /// The `Last-Modified` of its last response, as sent.
    pub last_modified: Option<String>,
    /// What its collector remembers, as JSON.
    pub memory: Option<String>,
}

impl SourceRow {
    /// The `error` of a source that was not waited for any longer. It may still respond.
    pub const LATE: &str = "late";
}

#[derive(Serialize)]
struct Stored<'a> {
    #[serde(flatten)]
    row: &'a SourceRow,
    /// When DynamoDB may delete it, in seconds since 1970.
    expires: i64,
}

impl Intel {
    /// What is remembered of every source of a company, by the source's name. Strongly consistent: a source that was just
    /// asked is not asked again.
    pub async fn sources(&self, domain: &Domain) -> Result<HashMap<String, SourceRow>, StoreError> {
        let pk = IntelKey::partition(domain, Owner::Public);
        let items = self.0.query(&pk, SOURCES).await?;
        let rows = items.into_iter().map(|item| {
            let row: SourceRow = row("source", item)?;
            Ok((row.source.clone(), row))
        });
        rows.collect()
    }

    /// Remembers what came of asking a source. `seen` is the `next_at` that was read before it was asked:
    /// [`StoreError::Conflict`] if somebody else has asked it since. A row that says it was late is replaced by any response.
    pub async fn keep_source(
        &self,
        domain: &Domain,
        seen: Option<i64>,
        row: &SourceRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let expires = now.as_second() + KEPT_SECONDS;
        let key: PrimaryKey = IntelKey::Source(domain, &row.source).into();
        let put = self.0.client().put_item().table_name(self.0.name());
        let put = put.set_item(Some(item("source", key, &Stored { row, expires })?));
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(pk) OR #error = :late"),
            Some(seen) => put
                .condition_expression("next_at = :seen OR #error = :late")
                .expression_attribute_values(":seen", number(seen)),
        };
        put.expression_attribute_names("#error", "error")
            .expression_attribute_values(":late", text(SourceRow::LATE))
            .send()
            .await?;
        Ok(())
    }

    /// Takes the right to collect of a company until a moment, unless somebody has it. Nobody gives it back: it ends with time,
    /// also where its holder died.
    pub async fn claim_collection(
        &self,
        domain: &Domain,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError> {
        let update = self
            .0
            .update(IntelKey::Collection(domain))
            .condition_expression("attribute_not_exists(held_until) OR held_until <= :now")
            .update_expression("SET held_until = :until, expires = :until")
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":until", number(until.as_second()));
        match update.send().await.map_err(StoreError::from) {
            Ok(_) => Ok(Claim::Mine),
            Err(StoreError::Conflict) => {
                let held = self
                    .0
                    .get(IntelKey::Collection(domain).into(), true)
                    .await?;
                let until = held
                    .as_ref()
                    .and_then(|item| item.get("held_until")?.as_n().ok()?.parse().ok());
                Ok(Claim::Anothers {
                    until: until.unwrap_or(now.as_second()),
                })
            }
            Err(error) => Err(error),
        }
    }
}

/// Who collects of a company now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Who asked.
    Mine,
    /// Somebody else.
    Anothers {
        /// Until when, in seconds since 1970.
        until: i64,
    },
}
