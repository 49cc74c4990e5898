use std::collections::HashMap;

use aws_sdk_dynamodb::types::TransactWriteItem;
use intent::Signal;
use store::item::{PrimaryKey, number, row};
use store::keys::IntelKey;
use store::table::part;
use store::{Owner, StoreError};
use types::{AccountId, Domain, Timestamp};

use crate::signals::{SignalRow, digest, identity};
use crate::{Intel, Outcome};

/// The most signals of one company that an account can store, those included that have ended.
pub const MAX_OWN_SIGNALS: u64 = 100_000;

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

    /// Raises the revision of a company's signals, which takes its cached score away. On an account's own row it also counts
    /// the `new` ones, and fails if they have no room.
    pub(crate) fn raise_revision(
        &self,
        domain: &Domain,
        owner: Owner,
        new: u64,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .0
            .change(IntelKey::Score(domain, owner))
            .expression_attribute_values(":one", number(1));
        let taken = "REMOVE body, details, valid_until, public_revision";
        if owner == Owner::Public || new == 0 {
            return part(update.update_expression(format!("ADD revision :one {taken}")));
        }
        part(
            update
                .update_expression(format!("ADD revision :one, own_signals :new {taken}"))
                .condition_expression("attribute_not_exists(own_signals) OR own_signals <= :room")
                .expression_attribute_values(":new", number(new))
                .expression_attribute_values(":room", number(MAX_OWN_SIGNALS.saturating_sub(new))),
        )
    }

    /// Whether `new` signals more have room. Strongly consistent; no call for public signals, which are not limited.
    pub(crate) async fn has_room(
        &self,
        domain: &Domain,
        owner: Owner,
        new: u64,
    ) -> Result<bool, StoreError> {
        if owner == Owner::Public || new == 0 {
            return Ok(true);
        }
        let stored = self.0.get(IntelKey::Score(domain, owner).into(), true);
        let count = stored
            .await?
            .and_then(|stored| stored.get("own_signals")?.as_n().ok()?.parse().ok());
        Ok(count.unwrap_or(0_u64).saturating_add(new) <= MAX_OWN_SIGNALS)
    }
}

/// The outcomes of a batch that has no room: nothing of it is written.
pub(crate) fn without_room(outcomes: Vec<(usize, Outcome)>) -> Vec<(usize, Outcome)> {
    let outcomes = outcomes.into_iter();
    let refused = outcomes.map(|(index, outcome)| match outcome {
        Outcome::Unchanged => (index, Outcome::Unchanged),
        _ => (index, Outcome::NoRoom),
    });
    refused.collect()
}
