//! Many calls of one account, as discrete events: how many are let in when an item takes only so many writes a second.
//!
//! Calls come at random times (a Poisson process) to random instances. An instance lets a call in from its lease, or debits
//! a block of calls from a shard of the meter in one write and lets calls in from that: debited first, so that the sum
//! never passes the limit. Without leases the block is one call. A throttled write is tried again as our DynamoDB client
//! does. Everything is decided by the seed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sample::Sample;

/// Microseconds.
type Time = u64;

const SECOND: Time = 1_000_000;

/// Writes a second of one item: a partition's limit, of which an item can have all.
pub const WRITES_A_SECOND: u64 = 1_000;
/// Writes that an item takes at once, if none came before: a tenth of a second's. AWS allows for bursts, and promises none.
pub const BURST: u64 = 100;
/// What a write takes: this, and up to as much again.
pub const WRITE_MICROSECONDS: Time = 3_000;
/// How often a throttled write is tried, and the longest pause before the second attempt, which doubles with each.
pub const ATTEMPTS: u32 = 5;
/// See [`ATTEMPTS`].
pub const PAUSE_MICROSECONDS: Time = 25_000;

/// How calls are counted.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Items that the meter is spread over, each with its share of the limit.
    pub shards: usize,
    /// Calls that one write debits.
    pub block: u64,
    /// How long an instance may use them, in seconds.
    pub lease: u64,
}

/// What comes.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Calls a second.
    pub rate: u64,
    /// For how long, in seconds.
    pub seconds: u64,
    /// Instances that they reach.
    pub instances: usize,
    /// Calls that may be let in, all in all.
    pub limit: u64,
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Calls that came.
    pub calls: u64,
    /// Calls that were let in.
    pub admitted: u64,
    /// Calls refused, as the limit was reached.
    pub refused: u64,
    /// Calls given up, as the item took no more writes.
    pub throttled: u64,
    /// Writes that each shard took.
    pub writes: Vec<u64>,
    /// Calls that were debited and not let in: left in leases, or lost with one that ended.
    pub stranded: u64,
    /// From a call's arrival to its admission, in milliseconds.
    pub latencies: Sample,
}

/// A call on its way: when it came, where, how often its write was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Call {
    came: Time,
    instance: usize,
    attempt: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// It asks its instance to be let in.
    Ask(Call),
    /// Its write is answered with so many calls.
    Granted(Call, u64),
}

#[derive(Clone, Debug, Default)]
struct Instance {
    left: u64,
    ends: Time,
    /// Whether a block is on its way, for which these calls wait.
    is_asking: bool,
    waiting: Vec<Call>,
    /// Whether it has seen the limit reached.
    is_over: bool,
}

#[derive(Clone, Debug)]
struct Shard {
    left: u64,
    /// Writes it would take now, in millionths.
    room: u64,
    at: Time,
}

struct Simulation {
    policy: Policy,
    random: Random,
    events: BinaryHeap<Reverse<(Time, u64, Event)>>,
    count: u64,
    instances: Vec<Instance>,
    shards: Vec<Shard>,
    outcome: Outcome,
}

/// Simulates it.
pub fn simulate(policy: Policy, demand: Demand, seed: u64) -> Outcome {
    let calls = demand.limit / policy.shards as u64;
    let shard = Shard {
        left: calls,
        room: BURST * SECOND,
        at: 0,
    };
    let mut simulation = Simulation {
        policy,
        random: Random(seed),
        events: BinaryHeap::new(),
        count: 0,
        instances: vec![Instance::default(); demand.instances],
        shards: vec![shard; policy.shards],
        outcome: Outcome {
            writes: vec![0; policy.shards],
            ..Outcome::default()
        },
    };
    simulation.arrivals(demand);
    while let Some(Reverse((now, _, event))) = simulation.events.pop() {
        match event {
            Event::Ask(call) => simulation.ask(now, call),
            Event::Granted(call, calls) => simulation.granted(now, call, calls),
        }
    }
    let left: u64 = simulation
        .instances
        .iter()
        .map(|instance| instance.left)
        .sum();
    simulation.outcome.stranded += left;
    simulation.outcome
}

impl Simulation {
    fn arrivals(&mut self, demand: Demand) {
        // Of a Poisson process, given how many come, each time is uniform by itself.
        for _ in 0..demand.rate * demand.seconds {
            let came = self.random.below(demand.seconds * SECOND);
            let instance = self.random.index(demand.instances);
            let call = Call {
                came,
                instance,
                attempt: 1,
            };
            self.outcome.calls += 1;
            self.at(came, Event::Ask(call));
        }
    }

    fn at(&mut self, time: Time, event: Event) {
        self.count += 1;
        self.events.push(Reverse((time, self.count, event)));
    }

    fn ask(&mut self, now: Time, call: Call) {
        let has_leases = self.policy.block > 1;
        let Some(instance) = self.instances.get_mut(call.instance) else {
            return;
        };
        if instance.left > 0 && instance.ends <= now {
            self.outcome.stranded += instance.left;
            instance.left = 0;
        }
        if instance.left > 0 {
            instance.left -= 1;
            self.admit(now, call);
        } else if instance.is_over {
            self.outcome.refused += 1;
        } else if has_leases && instance.is_asking && call.attempt == 1 {
            instance.waiting.push(call);
        } else {
            instance.is_asking = true;
            self.write(now, call);
        }
    }

    /// Debits a block from a shard, or tries again later.
    fn write(&mut self, now: Time, call: Call) {
        let index = self.random.index(self.policy.shards);
        let answered = now + WRITE_MICROSECONDS + self.random.below(WRITE_MICROSECONDS);
        let (Some(shard), Some(writes)) = (
            self.shards.get_mut(index),
            self.outcome.writes.get_mut(index),
        ) else {
            return;
        };
        if shard.takes_a_write(now) {
            *writes += 1;
            let calls = self.policy.block.min(shard.left);
            shard.left -= calls;
            self.at(answered, Event::Granted(call, calls));
        } else if call.attempt < ATTEMPTS {
            let longest = PAUSE_MICROSECONDS << (call.attempt - 1);
            let again = answered + self.random.below(longest);
            let attempt = call.attempt + 1;
            self.at(again, Event::Ask(Call { attempt, ..call }));
        } else {
            self.outcome.throttled += 1;
            for next in self.released(call.instance) {
                self.at(answered, Event::Ask(next));
            }
        }
    }

    fn granted(&mut self, now: Time, call: Call, calls: u64) {
        let (block, lease) = (self.policy.block, self.policy.lease);
        let waiting = self.released(call.instance);
        if calls == 0 {
            self.outcome.refused += 1;
        } else {
            self.admit(now, call);
        }
        let Some(instance) = self.instances.get_mut(call.instance) else {
            return;
        };
        instance.left += calls.saturating_sub(1);
        instance.ends = now + lease * SECOND;
        // A smaller block was the shard's last; another shard may have more, so only one that is alone settles it.
        instance.is_over |= calls < block && self.shards.len() == 1;
        for next in waiting {
            self.at(now, Event::Ask(next));
        }
    }

    /// The calls that waited for a block of this instance.
    fn released(&mut self, instance: usize) -> Vec<Call> {
        self.instances
            .get_mut(instance)
            .map_or_else(Vec::new, |instance| {
                instance.is_asking = false;
                std::mem::take(&mut instance.waiting)
            })
    }

    fn admit(&mut self, now: Time, call: Call) {
        self.outcome.admitted += 1;
        let microseconds = u32::try_from(now - call.came).unwrap_or(u32::MAX);
        self.outcome.latencies.push(f64::from(microseconds) / 1e3);
    }
}

impl Shard {
    fn takes_a_write(&mut self, now: Time) -> bool {
        self.room = (self.room + (now - self.at) * WRITES_A_SECOND).min(BURST * SECOND);
        self.at = now;
        let takes = self.room >= SECOND;
        if takes {
            self.room -= SECOND;
        }
        takes
    }
}

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from zero to below `end`; the bias of the remainder is far below what is measured.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMAND: Demand = Demand {
        rate: 5_000,
        seconds: 2,
        instances: 20,
        limit: 6_000,
    };

    #[test]
    fn every_call_ends_once_and_none_is_let_in_over_the_limit() {
        for (shards, block) in [(1, 1), (4, 1), (1, 10), (1, 100), (4, 50)] {
            let policy = Policy {
                shards,
                block,
                lease: 1,
            };
            let outcome = simulate(policy, DEMAND, 1);
            let ended = outcome.admitted + outcome.refused + outcome.throttled;
            assert_eq!(ended, outcome.calls, "{policy:?}");
            assert!(
                outcome.admitted + outcome.stranded <= DEMAND.limit,
                "{policy:?}"
            );
            // An item takes no more than its rate, a burst and the tries after the end.
            let most = WRITES_A_SECOND * 3 + BURST;
            assert!(
                outcome.writes.iter().all(|writes| *writes <= most),
                "{policy:?}"
            );
        }
    }
}
