use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use store::item::number;
use types::{Credits, UtcDay};

use crate::counter::{Counter, pack};

/// Keys of a day that one transaction moves: with the day's other parts within DynamoDB's 100 parts a transaction and 4 KB an
/// expression.
const PART: usize = 50;

/// What calls used on one UTC day, or in any other span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Admitted calls by the tag of their key ([`types::Id::tag`]).
    pub keys: BTreeMap<String, u64>,
    /// The same calls by the code of their route.
    pub routes: BTreeMap<u8, u64>,
    /// Credits spent by single calls (jobs go to the ledger at once).
    pub spent: Credits,
}

impl Day {
    /// Admitted calls.
    pub fn calls(&self) -> u64 {
        self.keys.values().sum()
    }

    /// The counters of a meter that hold its calls, with their values.
    pub(crate) fn counters(&self, date: UtcDay) -> Vec<(String, AttributeValue)> {
        let mut groups: BTreeMap<u8, u128> = BTreeMap::new();
        for (code, calls) in &self.routes {
            let (group, packed) = pack(*code, *calls);
            *groups.entry(group).or_default() += packed;
        }
        let keys = self.keys.iter();
        let keys = keys.map(|(tag, calls)| (Counter::Key(tag, date).to_string(), number(*calls)));
        let groups = groups.into_iter();
        let routes =
            groups.map(|(group, calls)| (Counter::Routes(group, date).to_string(), number(calls)));
        keys.chain(routes).collect()
    }

    /// The day in parts of at most [`PART`] keys. Routes and spend are in the first.
    pub(crate) fn parts(&self) -> Vec<Self> {
        let keys: Vec<(&String, &u64)> = self.keys.iter().collect();
        let of = |keys: &[(&String, &u64)]| {
            keys.iter()
                .map(|(tag, calls)| ((*tag).clone(), **calls))
                .collect()
        };
        let mut parts: Vec<Self> = keys
            .chunks(PART)
            .map(|keys| Self {
                keys: of(keys),
                ..Self::default()
            })
            .collect();
        if parts.is_empty() {
            parts.push(Self::default());
        }
        if let Some(first) = parts.first_mut() {
            first.routes.clone_from(&self.routes);
            first.spent = self.spent;
        }
        parts
    }

    /// Adds the calls and the spend of `other`.
    pub fn add(&mut self, other: &Self) {
        for (tag, calls) in &other.keys {
            *self.keys.entry(tag.clone()).or_default() += calls;
        }
        for (code, calls) in &other.routes {
            *self.routes.entry(*code).or_default() += calls;
        }
        self.spent = self.spent + other.spent;
    }
}

/// A number attribute that counts something.
pub(crate) fn count(value: &AttributeValue) -> Option<u64> {
    value.as_n().ok()?.parse().ok()
}

/// A number attribute of credits.
pub(crate) fn tenths(value: &AttributeValue) -> Option<Credits> {
    value.as_n().ok()?.parse().ok().map(Credits::from_tenths)
}
