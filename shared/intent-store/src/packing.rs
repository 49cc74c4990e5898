//! Packing: a company that has many signals of an owner gets briefs of them, a part with each write.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};
use store::item::{Item, PrimaryKey, row, text};
use store::keys::{IntelKey, PAST, SIGNALS};
use store::{Owner, StoreError};
use types::Domain;

use crate::brief::Brief;
use crate::form::Form;
use crate::pages::PageWrites;
use crate::signal_row::SignalRow;
use crate::{Intel, ScoreRow};

/// Items that are read at once, and the most reads of a write.
const A_READ: usize = 500;
const READS: usize = 8;
/// Pages that are written at once.
const AT_ONCE: usize = 16;
/// Companies that an instance remembers to be packed.
const MAX_REMEMBERED: usize = 10_000;

/// Where a company is packed up to if all of it is.
pub(crate) const PACKED: &str = "all";

/// The partitions that an instance has seen to be packed, which they are from then on: it need not find out for each write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered(Arc<Mutex<HashSet<String>>>);

impl Intel {
    /// The form of a company as far as this instance remembers it.
    pub(crate) fn remembered(&self, domain: &Domain, owner: Owner) -> Form {
        let packed = self.1.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_packed = packed.contains(&IntelKey::partition(domain, owner));
        Form {
            writes_briefs: is_packed,
            is_packed,
            drops_versions: false,
        }
    }

    pub(crate) fn remember(&self, domain: &Domain, owner: Owner) {
        let mut packed = self.1.0.lock().unwrap_or_else(PoisonError::into_inner);
        if packed.len() >= MAX_REMEMBERED {
            packed.clear();
        }
        packed.insert(IntelKey::partition(domain, owner));
    }

    /// Goes on with packing a company whose writes write briefs: adds those of the signals and versions that were there before,
    /// from where the row says, and says how far it came. Reads at most 4,000 items.
    ///
    /// It may end anywhere, be repeated, and be done by several at once: a brief that is there is newer than what was read, or
    /// the same, and stays.
    pub(crate) async fn pack(&self, domain: &Domain, owner: Owner) -> Result<(), StoreError> {
        let mut row = self.row_now(domain, owner).await?;
        for _ in 0..READS {
            let Some(from) = row.packed.filter(|packed| packed != PACKED) else {
                return Ok(());
            };
            let to = self.pack_from(domain, owner, &from).await?;
            match self.packed_to(domain, owner, &from, &to).await {
                Ok(()) => {}
                // Somebody else came as far, and goes on.
                Err(StoreError::Conflict) => return Ok(()),
                Err(error) => return Err(error),
            }
            row = ScoreRow {
                packed: Some(to),
                ..ScoreRow::default()
            };
        }
        Ok(())
    }

    /// Packs some items from behind a sort key on: the versions first, then the signals. Returns where to go on.
    async fn pack_from(
        &self,
        domain: &Domain,
        owner: Owner,
        from: &str,
    ) -> Result<String, StoreError> {
        let is_past = from.starts_with(PAST);
        let prefix = if is_past { PAST } else { SIGNALS };
        let key = |sk: &str| PrimaryKey {
            pk: IntelKey::partition(domain, owner),
            sk: sk.to_owned(),
        };
        let after = (from != prefix).then(|| key(from));
        let (items, has_more) = self.0.page_forward(&key(prefix), after, A_READ).await?;
        let last = items.last().and_then(PrimaryKey::of).map(|key| key.sk);
        let mut briefs = PageWrites::default();
        for item in items {
            if let Some(brief) = brief(item)? {
                if is_past {
                    briefs.past(&brief);
                } else {
                    briefs.present(&brief);
                }
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
            .try_for_each(|_| async { Ok(()) })
            .await?;
        let next = if is_past { SIGNALS } else { PACKED };
        Ok(last.filter(|_| has_more).unwrap_or_else(|| next.to_owned()))
    }

    async fn packed_to(
        &self,
        domain: &Domain,
        owner: Owner,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        self.0
            .update(IntelKey::Score(domain, owner))
            .update_expression("SET packed = :to")
            .condition_expression("packed = :from")
            .expression_attribute_values(":to", text(to))
            .expression_attribute_values(":from", text(from))
            .send()
            .await?;
        Ok(())
    }
}

/// The brief of a stored signal or version.
fn brief(item: Item) -> Result<Option<Brief>, StoreError> {
    let key = PrimaryKey::of(&item);
    let row: SignalRow = row("signal", item)?;
    let id = key.as_ref().and_then(|key| key.sk.split('#').nth(1));
    Ok(id.and_then(|id| Brief::of(id, &row)))
}
