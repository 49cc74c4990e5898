use std::sync::Mutex;

use accounts::{Accounts, Admission, Admitted, Meter, Release};
use auth::Principal;
use store::{Shard, StoreError};
use types::{AccountId, Chain, Clock, Credits, Product, UtcDay};
use workspace::Workspace;

use crate::denied::denial;
use crate::instance_cache::{InstanceCache, Refusal};
use crate::limits::Limits;
use crate::triggers::{rotation_due, triggered};
use crate::{Charge, Denied};

/// How often one call removes ended grants before it is refused; once is enough, unless grants are added at the same moment.
const MAX_GRANT_REMOVALS: usize = 3;

/// Admits calls, one conditional write each.
#[derive(Debug)]
pub struct Quota {
    pub(crate) accounts: Accounts,
    workspace: Workspace,
    pub(crate) clock: Clock,
    cache: Mutex<InstanceCache>,
}

impl Quota {
    /// A quota with an empty cache.
    pub fn new(accounts: Accounts, workspace: Workspace, clock: Clock) -> Self {
        Self {
            accounts,
            workspace,
            clock,
            cache: Mutex::default(),
        }
    }

    /// Admits one call and charges it, or returns why not. Returns the meter after the call: for a call that needs neither
    /// balance nor plan it may be a shard ([`Meter::shard`]), which has a part of the counters and no more.
    ///
    /// One round trip; none for a key that this instance knows to be refused in this minute.
    pub async fn admit(
        &self,
        caller: &Principal,
        charge: Charge,
    ) -> Result<(Meter, Limits), Denied> {
        self.refuse_known(caller)?;
        let now = self.clock.now();
        let Principal {
            account,
            product,
            key,
            ..
        } = *caller;
        let call = Admission {
            account,
            product,
            key,
            now,
            price: charge.price(),
            route: charge.route(),
            shard: None,
            stale: &[],
            seen: None,
        };
        let outcome = match self.shard_for(&call, charge) {
            Some(shard) => self.admit_on_shard(shard, &call).await?,
            None => self.admit_on_meter(&call).await?,
        };
        match outcome {
            Admitted::Yes(meter) => {
                let limits = Limits::of(&meter, key, now);
                Ok((meter, limits))
            }
            Admitted::No(meter) => {
                let denied = denial(meter.as_ref(), caller, charge, now);
                let denied = match denied {
                    Denied::Credits { .. } if charge.may_be_free() => denied,
                    denied => self.counted(denied, &call, caller).await?,
                };
                let refusal = match &denied {
                    // Without a meter it is the product that is missing, which may be opened.
                    Denied::Revoked => meter.map(|_| Refusal::Revoked),
                    Denied::Minute { limits, .. } => Some(Refusal::Minute(*limits)),
                    _ => None,
                };
                if let (Some(refusal), Ok(mut cache)) = (refusal, self.cache.lock()) {
                    cache.set_refused((key, product), refusal, now);
                }
                Err(denied)
            }
        }
    }

    /// Counts a call that the month or the balance refuses in the minute, so that the minute's limit holds for refusals too.
    async fn counted(
        &self,
        denied: Denied,
        call: &Admission<'_>,
        caller: &Principal,
    ) -> Result<Denied, StoreError> {
        if !matches!(denied, Denied::Month { .. } | Denied::Credits { .. }) {
            return Ok(denied);
        }
        let attempt = Admission {
            price: Credits::ZERO,
            route: None,
            ..call.clone()
        };
        Ok(match self.admit_once(&attempt).await? {
            Admitted::Yes(meter) => denied.with_limits(Limits::of(&meter, call.key, call.now)),
            Admitted::No(meter) => denial(meter.as_ref(), caller, Charge::Attempt, call.now),
        })
    }

    /// Refuses a key that this instance knows to be revoked or over its minute's limit. Makes no call.
    pub fn refuse_known(&self, caller: &Principal) -> Result<(), Denied> {
        let now = self.clock.now();
        // A poisoned cache is treated as an empty one.
        let cache = self.cache.lock().ok();
        match cache.and_then(|cache| cache.refusal((caller.key, caller.product), now)) {
            Some(Refusal::Revoked) => Err(Denied::Revoked),
            Some(Refusal::Minute(limits)) => match limits.minute {
                Some(window) => Err(Denied::Minute { window, limits }),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// Admits on a shard, or on the meter if its shards are closed.
    async fn admit_on_shard(
        &self,
        shard: Shard,
        call: &Admission<'_>,
    ) -> Result<Admitted, StoreError> {
        let on_shard = Admission {
            shard: Some(shard),
            ..call.clone()
        };
        let outcome = self.admit_once(&on_shard).await?;
        let is_open = match &outcome {
            Admitted::Yes(_) => true,
            // A shard has the keys of its meter, so what one refuses, all refuse.
            Admitted::No(meter) => meter.as_ref().is_some_and(|meter| meter.shard.is_some()),
        };
        if is_open {
            return Ok(outcome);
        }
        self.admit_on_meter(call).await
    }

    /// Admits on the meter. If an ended grant is still in its balance, the rest of the grant is removed first: the first call
    /// to find one does that.
    async fn admit_on_meter(&self, call: &Admission<'_>) -> Result<Admitted, StoreError> {
        let mut outcome = self.admit_once(call).await?;
        for _ in 0..MAX_GRANT_REMOVALS {
            let Admitted::No(Some(meter)) = &outcome else {
                break;
            };
            let has_ended_grant = call.route.is_some() && meter.grants_due(call.now);
            if !has_ended_grant || meter.is_suspended() {
                break;
            }
            Box::pin(self.accounts.holdings(call.account, call.product, call.now)).await?;
            outcome = self.admit_once(call).await?;
        }
        Ok(outcome)
    }

    /// One write, which also removes closed windows that an earlier write of the same item returned.
    async fn admit_once(&self, call: &Admission<'_>) -> Result<Admitted, StoreError> {
        let Admission {
            account,
            product,
            shard,
            now,
            ..
        } = *call;
        let counters = (account, product, shard);
        // A poisoned cache is treated as an empty one.
        let cache = self.cache.lock().ok();
        let seen = cache.and_then(|mut cache| cache.take_seen(counters));
        let call = Admission {
            stale: seen.as_ref().map_or(&[], |seen| &seen.past),
            seen: seen.as_ref().map(|seen| seen.last_write),
            ..call.clone()
        };
        // Boxed, as a call of DynamoDB is kilobytes of state, which all futures around it would move.
        let outcome = Box::pin(self.accounts.admit(&call)).await?;
        if let Ok(mut cache) = self.cache.lock() {
            if let Admitted::Yes(meter) | Admitted::No(Some(meter)) = &outcome {
                cache.set_seen(counters, meter, now);
            }
            if let (Admitted::Yes(meter) | Admitted::No(Some(meter)), None) = (&outcome, shard) {
                cache.set_shards(account, product, meter.open_shards());
            }
        }
        Ok(outcome)
    }

    fn shard_for(&self, call: &Admission<'_>, charge: Charge) -> Option<Shard> {
        if charge.needs_meter() {
            return None;
        }
        let cache = self.cache.lock().ok()?;
        cache.any_shard(call.account, call.product)
    }

    /// The meter of a product, if the account has it, with all of its shards, for a call that is not counted.
    pub async fn meter(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Option<Meter>, StoreError> {
        self.accounts.meter(account, product).await
    }

    /// The meter with all of its shards, from the one that an admission returned. Reads only if that is a part.
    pub async fn whole_meter(&self, caller: &Principal, meter: Meter) -> Result<Meter, StoreError> {
        if !meter.is_part() {
            return Ok(meter);
        }
        let whole = Box::pin(self.meter(caller.account, caller.product)).await?;
        Ok(whole.unwrap_or(meter))
    }

    /// Refunds the credits of an admitted call that delivered nothing.
    pub async fn release(&self, caller: &Principal, price: Credits) -> Result<(), StoreError> {
        let Principal {
            account, product, ..
        } = *caller;
        let cache = self.cache.lock().ok();
        let seen = cache.and_then(|cache| cache.last_write((account, product, None)));
        let release = Release {
            account,
            product,
            now: self.clock.now(),
            price,
            seen,
        };
        self.accounts.release(&release).await
    }

    /// Stores the events that a meter, seen after an admission, or the caller's key triggers: each once, however many instances
    /// and calls see it. A failure does not fail the call: it is logged, and the account's next call tries again.
    pub async fn record_events(&self, caller: &Principal, meter: &Meter) {
        let Principal {
            account, product, ..
        } = *caller;
        let now = self.clock.now();
        let events = triggered(product, meter, now).into_iter();
        for event in events.chain(rotation_due(caller, now)) {
            let recorded = self
                .cache
                .lock()
                .map(|cache| cache.is_recorded(account, &event.id));
            if recorded.unwrap_or(false) {
                continue;
            }
            match Box::pin(self.workspace.record_event(account, &event)).await {
                Ok(()) => {
                    if let Ok(mut cache) = self.cache.lock() {
                        cache.set_recorded(account, event.id);
                    }
                }
                Err(error) => {
                    tracing::warn!(account.id = %account, event = event.id, error = %Chain(&error), "an event was not stored");
                }
            }
        }
    }

    /// Moves the days before today, found in the meter after an admission, to the usage series and the ledger, and folds the
    /// counters of closed shards into the meter. A failure does not fail the call: it is logged, and the account's next call
    /// tries again.
    pub async fn close_days(&self, caller: &Principal, meter: &Meter) {
        let now = self.clock.now();
        let Principal {
            account, product, ..
        } = *caller;
        if meter.is_folding() {
            match Box::pin(self.accounts.fold_shards(account, product, now)).await {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    tracing::warn!(account.id = %account, error = %Chain(&error), "closed shards were not folded into the meter");
                }
            }
        }
        let today = UtcDay::of(now);
        for (date, day) in meter.days.iter().filter(|(date, _)| **date < today) {
            let close = self
                .accounts
                .close_day(account, product, meter.shard, (*date, day), now);
            match Box::pin(close).await {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    tracing::warn!(account.id = %account, day = %date, error = %Chain(&error), "a day was not closed");
                }
            }
        }
    }
}
