use std::collections::{HashMap, HashSet};

use accounts::Meter;
use store::Shard;
use types::{AccountId, KeyId, Product, Timestamp, minute_of, month_of};

use crate::Limits;

/// Meters and keys that an instance remembers before it starts afresh.
const REMEMBERED: usize = 4096;

/// Attributes that one write sweeps away, well within DynamoDB's 4 KB an expression.
const SWEPT: usize = 50;

/// An item that counts calls: a meter, or one of its shards.
pub(crate) type Counters = (AccountId, Product, Option<Shard>);

/// What an instance remembers between calls. Losing it costs a write, never a wrong answer.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Keys that are over their minute, with the minute: they are refused without a call until it ends.
    over: HashMap<KeyId, (i64, Limits)>,
    /// Attributes of closed windows, seen in the last answer, for the next write to sweep away.
    stale: HashMap<Counters, Vec<String>>,
    /// How many shards are open of the meters that have some.
    shards: HashMap<(AccountId, Product), u8>,
    /// Events that are known to be stored.
    recorded: HashSet<(AccountId, String)>,
}

impl Memory {
    /// The limits of a key that is known to be over its minute.
    pub(crate) fn is_over(&self, key: KeyId, now: Timestamp) -> Option<Limits> {
        self.over
            .get(&key)
            .filter(|(minute, _)| *minute == minute_of(now))
            .map(|(_, limits)| *limits)
    }

    pub(crate) fn set_over(&mut self, key: KeyId, limits: Limits, now: Timestamp) {
        make_room(&mut self.over);
        self.over.insert(key, (minute_of(now), limits));
    }

    /// Whether an event is known to be stored.
    pub(crate) fn is_recorded(&self, account: AccountId, event: &str) -> bool {
        self.recorded.contains(&(account, event.to_owned()))
    }

    pub(crate) fn set_recorded(&mut self, account: AccountId, event: String) {
        if self.recorded.len() >= REMEMBERED {
            self.recorded.clear();
        }
        self.recorded.insert((account, event));
    }

    /// Takes what the next write should sweep.
    pub(crate) fn take_stale(&mut self, counters: Counters) -> Vec<String> {
        self.stale.remove(&counters).unwrap_or_default()
    }

    /// A shard of a meter that is known to have some, at random.
    pub(crate) fn any_shard(&self, account: AccountId, product: Product) -> Option<Shard> {
        let open = self.shards.get(&(account, product))?;
        Some(Shard::any(*open))
    }

    /// Notes how many shards a meter has, or that it has none.
    pub(crate) fn note_shards(&mut self, account: AccountId, product: Product, open: Option<u8>) {
        if let Some(open) = open {
            make_room(&mut self.shards);
            self.shards.insert((account, product), open);
        } else {
            self.shards.remove(&(account, product));
        }
    }

    /// Notes the windows in a meter that no later call can count in. A window that ended less than a minute ago, or a
    /// month that ended less than a day ago, is left alone: another instance's clock may still be in it.
    pub(crate) fn note_stale(&mut self, counters: Counters, meter: &Meter, now: Timestamp) {
        let minutes = meter
            .windows
            .iter()
            .filter(|window| window.minute < minute_of(now) - 1);
        let yesterday = Timestamp::from_second(now.as_second() - 86_400).unwrap_or(now);
        let oldest = month_of(yesterday);
        let months = meter.months.keys().filter(|month| **month < oldest);
        let stale: Vec<String> = minutes
            .map(|window| window.attribute.clone())
            .chain(months.map(|month| format!("m{month}")))
            .take(SWEPT)
            .collect();
        if !stale.is_empty() {
            make_room(&mut self.stale);
            self.stale.insert(counters, stale);
        }
    }
}

fn make_room<K, V>(map: &mut HashMap<K, V>) {
    if map.len() >= REMEMBERED {
        map.clear();
    }
}
