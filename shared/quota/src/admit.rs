use std::sync::Mutex;

use accounts::{Accounts, Admission, Admitted, Meter, Release};
use auth::Principal;
use store::{Shard, StoreError};
use types::{AccountId, Chain, Clock, Credits, Product, day_of, unique};
use workspace::Workspace;

use crate::denied::denial;
use crate::limits::Limits;
use crate::memory::Memory;
use crate::triggers::{rotation_due, triggered};
use crate::{Charge, Denied};

/// Settlements that one call makes at the most; one is enough, unless grants are added at the same moment.
const SETTLEMENTS: usize = 3;

/// Admits calls, one conditional write each.
#[derive(Debug)]
pub struct Quota {
    accounts: Accounts,
    workspace: Workspace,
    clock: Clock,
    memory: Mutex<Memory>,
}

impl Quota {
    /// A quota with an empty cache.
    pub fn new(accounts: Accounts, workspace: Workspace, clock: Clock) -> Self {
        Self {
            accounts,
            workspace,
            clock,
            memory: Mutex::default(),
        }
    }

    /// Admits one call and charges it, or says why not. Returns the meter after the call: of a call that needs neither balance
    /// nor plan it may be a shard ([`Meter::shard`]), which has a part of the counters and no more.
    ///
    /// One round trip; none for a key that this instance has seen over its minute.
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
        };
        let answer = match self.shard_for(&call, charge) {
            Some(shard) => self.admitted_on(shard, &call).await?,
            None => self.admitted(&call).await?,
        };
        match answer {
            Admitted::Yes(meter) => {
                let limits = Limits::of(&meter, key, now);
                Ok((meter, limits))
            }
            Admitted::No(meter) => {
                let denied = denial(meter.as_ref(), caller, charge, now);
                if let (Denied::Minute { limits, .. }, Ok(mut memory)) =
                    (&denied, self.memory.lock())
                {
                    memory.set_over(key, *limits, now);
                }
                Err(denied)
            }
        }
    }

    /// Refuses a key that this instance has seen over its minute. Makes no call.
    pub fn refuse_known(&self, caller: &Principal) -> Result<(), Denied> {
        let now = self.clock.now();
        // A poisoned memory is as good as an empty one.
        let over = self.memory.lock().ok();
        let limits = over.and_then(|memory| memory.is_over(caller.key, now));
        match limits.and_then(|limits| Some((limits.minute?, limits))) {
            Some((window, limits)) => Err(Denied::Minute { window, limits }),
            None => Ok(()),
        }
    }

    /// Asks a shard; and the meter, if the shards are not open any more.
    async fn admitted_on(
        &self,
        shard: Shard,
        call: &Admission<'_>,
    ) -> Result<Admitted, StoreError> {
        let on_shard = Admission {
            shard: Some(shard),
            ..call.clone()
        };
        let answer = self.ask(&on_shard).await?;
        let is_open = match &answer {
            Admitted::Yes(_) => true,
            // It has the keys of its meter, so what it refuses, they all refuse.
            Admitted::No(meter) => meter.as_ref().is_some_and(|meter| meter.shard.is_some()),
        };
        if is_open {
            return Ok(answer);
        }
        self.admitted(call).await
    }

    /// Asks the meter, and once more for each grant that has ended and is still in its balance: whoever meets one first
    /// takes away what is left of it.
    async fn admitted(&self, call: &Admission<'_>) -> Result<Admitted, StoreError> {
        let mut answer = self.ask(call).await?;
        for _ in 0..SETTLEMENTS {
            let Admitted::No(Some(meter)) = &answer else {
                break;
            };
            let waits = call.route.is_some() && meter.grants_due(call.now);
            if !waits {
                break;
            }
            Box::pin(self.accounts.holdings(call.account, call.product, call.now)).await?;
            answer = self.ask(call).await?;
        }
        Ok(answer)
    }

    /// One write, which sweeps away what an earlier answer of the same item has shown.
    async fn ask(&self, call: &Admission<'_>) -> Result<Admitted, StoreError> {
        let Admission {
            account,
            product,
            shard,
            now,
            ..
        } = *call;
        let counters = (account, product, shard);
        // A poisoned memory is as good as an empty one.
        let stale = self.memory.lock().ok();
        let stale = stale.map(|mut memory| memory.take_stale(counters));
        let stale = stale.unwrap_or_default();
        let call = Admission {
            stale: &stale,
            ..call.clone()
        };
        // In a box, as a call of DynamoDB is kilobytes of state, which all futures around it would move.
        let answer = Box::pin(self.accounts.admit(&call)).await?;
        if let Ok(mut memory) = self.memory.lock() {
            if let Admitted::Yes(meter) = &answer {
                memory.note_stale(counters, meter, now);
            }
            if let (Admitted::Yes(meter) | Admitted::No(Some(meter)), None) = (&answer, shard) {
                memory.note_shards(account, product, meter.open_shards());
            }
        }
        Ok(answer)
    }

    fn shard_for(&self, call: &Admission<'_>, charge: Charge) -> Option<Shard> {
        if charge.needs_meter() {
            return None;
        }
        let memory = self.memory.lock().ok()?;
        memory.any_shard(call.account, call.product)
    }

    /// The meter of a product, if the account has it, with all of its shards, for a call that is not counted.
    pub async fn meter(
        &self,
        account: AccountId,
        product: Product,
    ) -> Result<Option<Meter>, StoreError> {
        self.accounts.meter(account, product).await
    }

    /// The whole of what an admission has answered: the meter with all of its shards, which is read if it has some.
    pub async fn whole(&self, caller: &Principal, meter: Meter) -> Result<Meter, StoreError> {
        if !meter.is_part() {
            return Ok(meter);
        }
        let whole = Box::pin(self.meter(caller.account, caller.product)).await?;
        Ok(whole.unwrap_or(meter))
    }

    /// Gives the credits of an admitted call back: it was not delivered, or there was nothing to deliver.
    pub async fn release(&self, caller: &Principal, price: Credits) -> Result<(), StoreError> {
        let Principal {
            account, product, ..
        } = *caller;
        self.accounts
            .release(&Release {
                account,
                product,
                now: self.clock.now(),
                price,
            })
            .await
    }

    /// Stores the events that a meter, seen after an admission, or the caller's key triggers: each once, however many instances
    /// and calls see it. A failure does not fail the call: it is logged, and left to the next call of the account.
    pub async fn record_events(&self, caller: &Principal, meter: &Meter) {
        let Principal {
            account, product, ..
        } = *caller;
        let now = self.clock.now();
        let events = triggered(product, meter, now).into_iter();
        for event in events.chain(rotation_due(caller, now)) {
            let recorded = self
                .memory
                .lock()
                .map(|memory| memory.is_recorded(account, &event.id));
            if recorded.unwrap_or(false) {
                continue;
            }
            match Box::pin(self.workspace.record_event(account, &event)).await {
                Ok(()) => {
                    if let Ok(mut memory) = self.memory.lock() {
                        memory.set_recorded(account, event.id);
                    }
                }
                Err(error) => {
                    tracing::warn!(account.id = %account, event = event.id, error = %Chain(&error), "an event is not stored");
                }
            }
        }
    }

    /// Moves the days before today, seen in the meter after an admission, to the usage series and the ledger, and takes in
    /// what closed shards have counted. A failure does not fail the call: it is logged, and left to the next call of the account.
    pub async fn close_days(&self, caller: &Principal, meter: &Meter) {
        let now = self.clock.now();
        let Principal {
            account, product, ..
        } = *caller;
        if meter.is_folding() {
            match Box::pin(self.accounts.fold_shards(account, product, now)).await {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    tracing::warn!(account.id = %account, error = %Chain(&error), "closed shards stay");
                }
            }
        }
        let today = day_of(now);
        for (name, day) in meter.days.iter().filter(|(name, _)| **name < today) {
            let reference = format!("{}-spend-{name}", unique(now));
            let day = (name.as_str(), day);
            let close =
                self.accounts
                    .close_day(account, product, meter.shard, day, now, &reference);
            match Box::pin(close).await {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => {
                    tracing::warn!(account.id = %account, day = name, error = %Chain(&error), "a day stays open");
                }
            }
        }
    }
}
