use std::collections::{HashMap, HashSet};

use accounts::{Meter, WriteToken};
use store::Shard;
use types::{AccountId, KeyId, Product, Timestamp, minute_of, month_of};

use crate::Limits;

/// Entries that an instance caches of each kind before it starts afresh.
const MAX_CACHED: usize = 4096;

/// Attributes that one write removes, well within DynamoDB's limit of 4 KB per expression.
const MAX_REMOVED: usize = 50;

/// An item that counts calls: a meter, or one of its shards.
pub(crate) type Counters = (AccountId, Product, Option<Shard>);

/// Why a key is refused whatever it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It was revoked.
    Revoked,
    /// It is over its minute's limit.
    Minute(Limits),
}

/// What an instance caches between calls. Losing it costs a write and never changes an outcome.
#[derive(Debug, Default)]
pub(crate) struct InstanceCache {
    /// Keys that are refused without a call until a minute ends, with the minute.
    refused: HashMap<(KeyId, Product), (i64, Refusal)>,
    /// What the last response showed of the items that count.
    seen: HashMap<Counters, Seen>,
    /// The number of open shards of the meters that have some.
    shards: HashMap<(AccountId, Product), u8>,
    /// Events that are known to be stored.
    recorded: HashSet<(AccountId, String)>,
}

/// What a response showed of an item that counts.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Its newest counting write.
    pub(crate) last_write: WriteToken,
    /// Attributes that no later call can count in or meet, for the next write to remove.
    pub(crate) past: Vec<String>,
}

impl InstanceCache {
    /// Why a key of a product is known to be refused in this minute.
    pub(crate) fn refusal(&self, key: (KeyId, Product), now: Timestamp) -> Option<Refusal> {
        self.refused
            .get(&key)
            .filter(|(minute, _)| *minute == minute_of(now))
            .map(|(_, refusal)| *refusal)
    }

    pub(crate) fn set_refused(&mut self, key: (KeyId, Product), refusal: Refusal, now: Timestamp) {
        make_room(&mut self.refused);
        self.refused.insert(key, (minute_of(now), refusal));
    }

    /// Whether an event is known to be stored.
    pub(crate) fn is_recorded(&self, account: AccountId, event: &str) -> bool {
        self.recorded.contains(&(account, event.to_owned()))
    }

    pub(crate) fn set_recorded(&mut self, account: AccountId, event: String) {
        if self.recorded.len() >= MAX_CACHED {
            self.recorded.clear();
        }
        self.recorded.insert((account, event));
    }

    /// Takes what was seen of an item: its attributes are removed once.
    pub(crate) fn take_seen(&mut self, counters: Counters) -> Option<Seen> {
        self.seen.remove(&counters)
    }

    /// The newest write that was seen on an item.
    pub(crate) fn last_write(&self, counters: Counters) -> Option<WriteToken> {
        self.seen.get(&counters).map(|seen| seen.last_write)
    }

    /// A shard of a meter that is known to have some, at random.
    pub(crate) fn any_shard(&self, account: AccountId, product: Product) -> Option<Shard> {
        let open = self.shards.get(&(account, product))?;
        Some(Shard::any(*open))
    }

    /// Caches how many shards of a meter are open, or that it has none.
    pub(crate) fn set_shards(&mut self, account: AccountId, product: Product, open: Option<u8>) {
        if let Some(open) = open {
            make_room(&mut self.shards);
            self.shards.insert((account, product), open);
        } else {
            self.shards.remove(&(account, product));
        }
    }

    /// Caches the newest write of a meter, and the windows that no later call can count in. A window that ended less than a minute ago, or a
    /// month that ended less than a day ago, is left out: another instance's clock may still be in it.
    pub(crate) fn set_seen(&mut self, counters: Counters, meter: &Meter, now: Timestamp) {
        let minutes = meter
            .windows
            .iter()
            .filter(|window| window.minute < minute_of(now) - 1);
        let yesterday = Timestamp::from_second(now.as_second() - 86_400).unwrap_or(now);
        let oldest = month_of(yesterday);
        let months = meter.months.keys().filter(|month| **month < oldest);
        let past = minutes
            .map(|window| window.attribute.clone())
            .chain(months.map(|month| format!("m{month}")))
            .chain(meter.past_marks(now).cloned())
            .take(MAX_REMOVED)
            .collect();
        make_room(&mut self.seen);
        self.seen.insert(
            counters,
            Seen {
                last_write: meter.last_write,
                past,
            },
        );
    }
}

fn make_room<K, V>(map: &mut HashMap<K, V>) {
    if map.len() >= MAX_CACHED {
        map.clear();
    }
}
