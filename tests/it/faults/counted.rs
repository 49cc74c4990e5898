//! The counters of all meters, with what closed days have moved to the usage series and the ledger.

use std::collections::BTreeMap;
use std::ops::Sub;

use aws_sdk_dynamodb::types::AttributeValue;
use tests::{Item, Stored};
use types::{Timestamp, base36, minute_of};

/// Sums over all accounts and products, by what is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted(pub(super) BTreeMap<String, i64>);

/// What a counter of a meter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counter<'a> {
    Minute(&'a str),
    Month,
    Key,
    /// The routes of a group.
    Routes(i64),
    Spent,
}

impl<'a> Counter<'a> {
    /// The counter that an attribute of a meter is, as docs/design/admission.md says.
    fn of(attribute: &'a str) -> Option<Self> {
        let rest = attribute.get(1..)?;
        match (attribute.get(..1)?, rest.len()) {
            ("w", 11) => Some(Self::Minute(&rest[6..])),
            ("d", 9) => Some(Self::Key),
            ("r", 4) => i64::from_str_radix(&rest[..1], 36).ok().map(Self::Routes),
            ("s", 3) => Some(Self::Spent),
            ("m", 6) if rest.bytes().all(|byte| byte.is_ascii_digit()) => Some(Self::Month),
            _ => None,
        }
    }
}

/// Whether an attribute of a meter is compared by its sum, or is a token of a counting write.
pub(super) fn is_counter(attribute: &str) -> bool {
    ["credits", "low_of"].contains(&attribute)
        || Counter::of(attribute).is_some()
        || is_token(attribute)
}

/// Whether an attribute is a token of a counting write, or the mark of one that was repeated.
fn is_token(attribute: &str) -> bool {
    let digits = attribute.strip_prefix(['t', 'x']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an item is compared by its sums alone: usage, daily allowances, and the ledger's entries of closed days.
pub(super) fn is_count(sort: &str) -> bool {
    ["USAGE#", "DAILY#"]
        .iter()
        .any(|kind| sort.starts_with(kind))
        || is_spend(sort)
}

fn is_spend(sort: &str) -> bool {
    sort.starts_with("LEDGER#") && sort.contains("-spend-")
}

impl Counted {
    /// Counts what is stored.
    pub(super) fn of(stored: &Stored) -> Self {
        let mut counted = Self::default();
        for (role, item) in &stored.items {
            if *role != "accounts" {
                continue;
            }
            let sort = text(item, "sk");
            match sort.split('#').next().unwrap() {
                "METER" | "SHARD" => counted.add_meter(item),
                "USAGE" => counted.add_usage(item),
                "DAILY" => counted.add_daily(item),
                "LEDGER" if is_spend(sort) => {}
                _ => {}
            }
        }
        counted
    }

    fn add(&mut self, name: impl Into<String>, count: i64) {
        *self.0.entry(name.into()).or_default() += count;
    }

    fn add_meter(&mut self, item: &Item) {
        for (attribute, value) in item {
            let Some(counter) = Counter::of(attribute) else {
                continue;
            };
            let value: i128 = value.as_n().unwrap().parse().unwrap();
            let count = i64::try_from(value).ok();
            match counter {
                Counter::Minute(minute) => self.add(format!("minute {minute}"), count.unwrap()),
                Counter::Month => self.add("month", count.unwrap()),
                Counter::Key => self.add("keys", count.unwrap()),
                Counter::Spent => self.add("spent", count.unwrap()),
                Counter::Routes(group) => {
                    for index in 0..3_u32 {
                        let calls = value / 10_i128.pow(9 * index) % 1_000_000_000;
                        let route = group * 3 + i64::from(index);
                        self.add(format!("route {route}"), i64::try_from(calls).unwrap());
                    }
                }
            }
        }
    }

    fn add_usage(&mut self, item: &Item) {
        for (attribute, value) in item {
            match attribute.as_str() {
                "pk" | "sk" => {}
                "tenths" => self.add("spent", number(value)),
                key if key.starts_with('d') => self.add("keys", number(value)),
                route => self.add(format!("route {}", &route[1..]), number(value)),
            }
        }
    }

    fn add_daily(&mut self, item: &Item) {
        for (attribute, value) in item {
            let is_amount = !["pk", "sk", "expires"].contains(&attribute.as_str());
            if is_amount && !is_token(attribute) {
                self.add(format!("daily {attribute}"), number(value));
            }
        }
    }

    /// The same without windows of other minutes than that of `now`, and without zeros.
    pub(super) fn at(&self, now: Timestamp) -> Self {
        let minute = u32::try_from(minute_of(now)).unwrap();
        let minute = format!("minute {}", base36::<5>(minute));
        let counts = self.0.iter().filter(|(_, count)| **count != 0);
        let counts = counts.filter_map(|(name, count)| {
            if *name == minute {
                return Some(("minute".to_owned(), *count));
            }
            (!name.starts_with("minute")).then(|| (name.clone(), *count))
        });
        Self(counts.collect())
    }

    /// How often something was counted.
    pub(super) fn get(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Whether each count is between those of `least` and `most`.
    pub(super) fn is_between(&self, least: &Self, most: &Self) -> bool {
        let counts = [self, least, most]
            .into_iter()
            .flat_map(|counted| counted.0.keys());
        counts.into_iter().all(|name| {
            let (one, other) = (least.get(name), most.get(name));
            (one.min(other)..=one.max(other)).contains(&self.get(name))
        })
    }

    /// The same without what was spent.
    pub(super) fn without_spend(&self) -> Self {
        let mut counted = self.clone();
        counted.0.remove("spent");
        counted
    }

    /// What does not add up: calls by month, key and route.
    pub(super) fn problem(&self) -> Option<String> {
        let routes: i64 = self
            .0
            .iter()
            .filter(|(name, _)| name.starts_with("route"))
            .map(|(_, calls)| calls)
            .sum();
        let calls = [self.get("month"), self.get("keys"), routes];
        (calls.iter().any(|count| *count != calls[0]))
            .then(|| format!("calls by month, key and route do not add up to the same: {calls:?}"))
    }
}

impl Sub for &Counted {
    type Output = Counted;

    fn sub(self, before: Self) -> Counted {
        let names = self.0.keys().chain(before.0.keys());
        let differences = names.map(|name| (name.clone(), self.get(name) - before.get(name)));
        Counted(differences.filter(|(_, count)| *count != 0).collect())
    }
}

/// Where balance and ledger do not agree, by account and product.
pub(super) fn unbalanced(stored: &Stored) -> Vec<String> {
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (role, item) in &stored.items {
        let (sort, mut partition) = (text(item, "sk"), text(item, "pk"));
        let mut words = sort.split('#');
        let (kind, product) = (words.next().unwrap(), words.next().unwrap_or_default());
        if *role != "accounts" {
            continue;
        }
        let sum: i64 = match kind {
            "METER" | "SHARD" => {
                partition = partition
                    .rsplit_once('#')
                    .map_or(partition, |(account, shard)| {
                        if shard.len() == 2 { account } else { partition }
                    });
                let spent = item
                    .iter()
                    .filter(|(name, _)| matches!(Counter::of(name), Some(Counter::Spent)));
                let spent: i64 = spent.map(|(_, value)| number(value)).sum();
                -spent - item.get("credits").map_or(0, number)
            }
            "LEDGER" => number(&item["tenths"]),
            _ => continue,
        };
        *sums
            .entry((partition.to_owned(), product.to_owned()))
            .or_default() += sum;
    }
    let wrong = sums.iter().filter(|(_, difference)| **difference != 0);
    wrong
        .map(|((_, product), difference)| {
            format!("{product}: ledger − open spend − balance = {difference} tenths")
        })
        .collect()
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item[name].as_s().unwrap()
}

fn number(value: &AttributeValue) -> i64 {
    value.as_n().unwrap().parse().unwrap()
}
