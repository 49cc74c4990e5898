use std::collections::HashMap;

use intent::Signal;
use store::item::{Item, PrimaryKey, row};
use store::keys::IntelKey;
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::signal_row::SignalRow;
use crate::{Brief, Intel, ScoreRow};

/// What an owner knows of a company.
#[derive(Clone, Debug)]
pub enum Known {
    /// The signals, in no order.
    Whole(Vec<Signal>),
    /// Of a packed company: their briefs, in the order of their ids.
    Briefs(Vec<Brief>),
}

impl Intel {
    /// Everything that `owner` knows of a company with this score row and that counts at `now`. Strongly consistent, also if the
    /// row is not: a company that is packed stays so. One query of some 500 signals, or of a packed company at most five
    /// queries.
    pub async fn known(
        &self,
        domain: &Domain,
        owner: Owner,
        row: &ScoreRow,
        now: Timestamp,
    ) -> Result<Known, StoreError> {
        Ok(if row.is_packed() {
            Known::Briefs(self.briefs(domain, owner, row, now).await?)
        } else {
            Known::Whole(self.signals(domain, owner, now).await?)
        })
    }

    /// The same of the past: see [`Intel::signals_at`]. With the versions twice as many queries.
    pub async fn known_at(
        &self,
        domain: &Domain,
        owner: Owner,
        row: &ScoreRow,
        at: Timestamp,
    ) -> Result<Known, StoreError> {
        Ok(if row.is_packed() {
            Known::Briefs(self.briefs_at(domain, owner, row, at).await?)
        } else {
            Known::Whole(self.signals_at(domain, owner, at).await?)
        })
    }

    /// The signals of briefs as they were when these were read, by their places in `briefs`. One batch read for 100, and another
    /// for those that were replaced since.
    pub async fn signals_of(
        &self,
        domain: &Domain,
        briefs: &[(Owner, Brief)],
    ) -> Result<HashMap<usize, Signal>, StoreError> {
        let present = |(owner, brief): &(Owner, Brief)| {
            IntelKey::Signal(domain, *owner, &brief.hex_id()).into()
        };
        let past = |(owner, brief): &(Owner, Brief)| {
            PrimaryKey::from(IntelKey::Past(
                domain,
                *owner,
                &brief.hex_id(),
                brief.recorded_at,
            ))
        };
        let keys: Vec<PrimaryKey> = briefs.iter().map(present).collect();
        let found = self.0.batch_get(&keys).await?;
        let mut signals = HashMap::with_capacity(briefs.len());
        let mut replaced = Vec::new();
        for (index, (key, brief)) in keys.iter().zip(briefs).enumerate() {
            match signal_at(found.get(key), brief.1.recorded_at)? {
                Some(signal) => drop(signals.insert(index, signal)),
                None => replaced.push((index, past(brief))),
            }
        }
        if replaced.is_empty() {
            return Ok(signals);
        }
        let keys: Vec<PrimaryKey> = replaced.iter().map(|(_, key)| key.clone()).collect();
        let found = self.0.batch_get(&keys).await?;
        for (index, key) in replaced {
            let version = found.get(&key).cloned();
            let version: Option<SignalRow> = version.map(|item| row("signal", item)).transpose()?;
            signals.extend(version.map(|version| (index, version.signal)));
        }
        Ok(signals)
    }
}

/// The signal of an item, if its content was written at this second.
fn signal_at(item: Option<&Item>, recorded_at: i64) -> Result<Option<Signal>, StoreError> {
    let stored: Option<SignalRow> = item.cloned().map(|item| row("signal", item)).transpose()?;
    let stored = stored.filter(|stored| stored.recorded_at() == recorded_at);
    Ok(stored.map(|stored| stored.signal))
}
