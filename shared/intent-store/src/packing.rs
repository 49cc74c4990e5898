//! Packing: before a company gets more signals of an owner than are read whole, those that it has get briefs.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, future, stream};
use store::item::{Item, PrimaryKey, row, text};
use store::keys::{IntelKey, PAST, SIGNALS};
use store::{Owner, StoreError};
use types::Domain;

use crate::Intel;
use crate::brief::Brief;
use crate::form::Form;
use crate::pages::PageWrites;
use crate::signal_row::SignalRow;

/// Pages that are written at once.
const AT_ONCE: usize = 16;
/// Companies that an instance remembers to be packed.
const MAX_REMEMBERED: usize = 10_000;

/// What a score row says of a company that is being packed, and of one that is.
const BEGUN: &str = "begun";
pub(crate) const PACKED: &str = "all";

/// The partitions that an instance has seen to be packed, which they are from then on: it need not find out for each write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered(Arc<Mutex<HashSet<String>>>);

impl Intel {
    /// The form of a company as far as this instance remembers it.
    pub(crate) fn remembered(&self, domain: &Domain, owner: Owner) -> Form {
        let packed = self.1.0.lock().unwrap_or_else(PoisonError::into_inner);
        Form {
            is_packed: packed.contains(&IntelKey::partition(domain, owner)),
            drops_versions: false,
        }
    }

    /// Gives all signals and versions of a company briefs. The mark comes first: it refuses the transactions of all who write no
    /// briefs, so what is read after it is all that there is, 500 signals and 500 versions at the most.
    ///
    /// It may end anywhere, be repeated, and be done by several at once: a brief that is there is newer than what was read, or
    /// the same, and stays.
    pub(crate) async fn pack(&self, domain: &Domain, owner: Owner) -> Result<(), StoreError> {
        self.mark(
            domain,
            owner,
            "SET packed = if_not_exists(packed, :mark)",
            BEGUN,
        )
        .await?;
        let partition = IntelKey::partition(domain, owner);
        let read = |prefix| self.0.query(&partition, prefix);
        let (present, past) = future::try_join(read(SIGNALS), read(PAST)).await?;
        let mut briefs = PageWrites::default();
        for item in present {
            if let Some(brief) = brief(item)? {
                briefs.present(&brief);
            }
        }
        for item in past {
            if let Some(brief) = brief(item)? {
                briefs.past(&brief);
            }
        }
        stream::iter(briefs.completing(domain, owner))
            .map(async |(key, (expression, names, values))| {
                let update = self.0.update(key).update_expression(expression);
                let update = update
                    .set_expression_attribute_names(Some(names))
                    .set_expression_attribute_values(Some(values));
                update.send().await.map_err(StoreError::from)
            })
            .buffer_unordered(AT_ONCE)
            .try_for_each(|_| future::ok(()))
            .await?;
        self.mark(domain, owner, "SET packed = :mark", PACKED).await
    }

    async fn mark(
        &self,
        domain: &Domain,
        owner: Owner,
        expression: &str,
        mark: &str,
    ) -> Result<(), StoreError> {
        self.0
            .update(IntelKey::Score(domain, owner))
            .update_expression(expression)
            .expression_attribute_values(":mark", text(mark))
            .send()
            .await?;
        Ok(())
    }

    pub(crate) fn remember(&self, domain: &Domain, owner: Owner) {
        let mut packed = self.1.0.lock().unwrap_or_else(PoisonError::into_inner);
        if packed.len() >= MAX_REMEMBERED {
            packed.clear();
        }
        packed.insert(IntelKey::partition(domain, owner));
    }
}

/// The brief of a stored signal or version.
fn brief(item: Item) -> Result<Option<Brief>, StoreError> {
    let key = PrimaryKey::of(&item);
    let row: SignalRow = row("signal", item)?;
    let id = key.as_ref().and_then(|key| key.sk.split('#').nth(1));
    Ok(id.and_then(|id| Brief::of(id, &row)))
}
