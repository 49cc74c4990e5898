use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use types::Credits;

/// What calls used on one UTC day, or in any other span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Admitted calls by the tag of their key ([`types::Id::tag`]).
    pub keys: BTreeMap<String, u64>,
    /// The same calls by the code of their route.
    pub routes: BTreeMap<String, u64>,
    /// Credits spent by single calls (jobs go to the ledger at once).
    pub spent: Credits,
}

impl Day {
    /// Admitted calls.
    pub fn calls(&self) -> u64 {
        self.keys.values().sum()
    }

    /// Adds the calls and the spend of `other`.
    pub fn add(&mut self, other: &Self) {
        for (mine, others) in [
            (&mut self.keys, &other.keys),
            (&mut self.routes, &other.routes),
        ] {
            for (name, calls) in others {
                *mine.entry(name.clone()).or_default() += calls;
            }
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
