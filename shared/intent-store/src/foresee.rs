use std::collections::HashMap;

use intent::Signal;
use store::item::{PrimaryKey, row};
use store::keys::IntelKey;
use store::{Owner, StoreError};
use types::{AccountId, Domain, Timestamp};

use crate::signal_row::{SignalRow, digest, identity};
use crate::{Intel, Outcome};

impl Intel {
    /// What [`Intel::add_signals`] would do now with signals of an account on any companies, in their order. Strongly
    /// consistent; one call for 100 signals.
    pub async fn foresee(
        &self,
        account: AccountId,
        signals: &[(&Domain, &Signal)],
        now: Timestamp,
    ) -> Result<Vec<Outcome>, StoreError> {
        let owner = Owner::Account(account);
        let key = |domain, signal| IntelKey::Signal(domain, owner, &identity(signal)).into();
        let keys = signals.iter().map(|(domain, signal)| key(*domain, signal));
        let keys: Vec<PrimaryKey> = keys.collect();
        let known = self.0.batch_get(&keys).await?;
        // Of two with one identity the later is written.
        let last: HashMap<&PrimaryKey, usize> = keys.iter().zip(0..).collect();
        let mut outcomes = Vec::with_capacity(signals.len());
        for (index, (key, (_, signal))) in keys.iter().zip(signals).enumerate() {
            if last.get(key) != Some(&index) {
                outcomes.push(Outcome::Unchanged);
                continue;
            }
            let stored = known.get(key).cloned();
            let stored: Option<SignalRow> = stored.map(|item| row("signal", item)).transpose()?;
            let digest = digest(signal)?;
            outcomes.push(SignalRow::outcome(stored.as_ref(), &digest, now));
        }
        Ok(outcomes)
    }
}
