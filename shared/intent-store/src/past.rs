use std::collections::HashMap;

use intent::Signal;
use store::item::{Item, row};
use store::keys::{IntelKey, PAST, SIGNALS};
use store::{Owner, StoreError};
use types::{Domain, Timestamp};

use crate::Intel;
use crate::signal_row::SignalRow;

impl Intel {
    /// Everything that `owner` knew of a company at `at`, as it was then, in no order: what was written later is left out, and
    /// what was changed later has the content that it had. What was written in the second of `at` was known.
    ///
    /// Complete for the last [`HISTORY_DAYS`](super::HISTORY_DAYS). Strongly consistent.
    pub async fn signals_at(
        &self,
        domain: &Domain,
        owner: Owner,
        at: Timestamp,
    ) -> Result<Vec<Signal>, StoreError> {
        let partition = IntelKey::partition(domain, owner);
        // In this order: a version that is replaced between the two reads is seen twice, and not missed.
        let present = self.0.query(&partition, SIGNALS).await?;
        let past = self.0.query(&partition, PAST).await?;
        let mut known: HashMap<String, SignalRow> = HashMap::new();
        for item in present.into_iter().chain(past) {
            let id = identity(&item);
            let version: SignalRow = row("signal", item)?;
            let is_last = known
                .get(&id)
                .is_none_or(|other| other.recorded_at() < version.recorded_at());
            if version.recorded_at() <= at.as_second() && is_last {
                known.insert(id, version);
            }
        }
        Ok(known
            .into_values()
            .filter(|version| version.counts_at(at))
            .map(|version| version.signal)
            .collect())
    }
}

/// The part of a sort key that all versions of one signal share.
fn identity(item: &Item) -> String {
    let key = item.get("sk").and_then(|key| key.as_s().ok());
    let id = key.and_then(|key| key.split('#').nth(1));
    id.unwrap_or_default().to_owned()
}
