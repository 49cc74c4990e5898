use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use store::item::Item;
use store::{Shard, StoreError};
use types::{Credits, KeyId, Timestamp, UtcDay};

use crate::counter::{Counter, unpack};
use crate::counting_write::{LATEST, is_mark};
use crate::day::{count, tenths};
use crate::shards::Shape;
use crate::{Day, WriteToken};

/// The counters and limits of one product of an account, as one item that every call writes.
///
/// Windows are in attribute names (see `Counter`), so that a new minute, day or month needs no second call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meter {
    /// The plan's name.
    pub plan: String,
    /// Calls a minute and key; none is unlimited.
    pub minute_limit: Option<u64>,
    /// Calls a UTC month; none is unlimited.
    pub month_limit: Option<u64>,
    /// What is left to spend.
    pub credits: Credits,
    /// When the next grant of credits ends: from then on nothing is spent until what is left of it is taken away.
    pub grants_expire: Option<Timestamp>,
    /// How often the grants were written.
    pub grants_rev: u64,
    /// The balance below which it is low, and the tag of the grant that this was set with.
    pub low_at: Credits,
    /// See `low_at`.
    pub low_of: String,
    /// Bulk jobs that are not finished.
    pub jobs_active: u64,
    /// Calls a UTC month, by `yyyymm`.
    pub months: BTreeMap<String, u64>,
    /// Days that are not closed yet.
    pub days: BTreeMap<UtcDay, Day>,
    /// Minutes that were counted and not yet swept.
    pub windows: Vec<Window>,
    /// Which shard of a meter this is, if it is one and open. A shard has the keys of its meter and counters of its own, and
    /// nothing else.
    pub shard: Option<Shard>,
    /// The newest counting write.
    pub last_write: WriteToken,
    pub(crate) shape: Shape,
    /// Marks of repeated writes, with the seconds when these were made.
    pub(crate) marks: Vec<(String, Timestamp)>,
    pub(crate) active: Vec<String>,
    pub(crate) session: Option<String>,
    pub(crate) grace: BTreeMap<String, Timestamp>,
    /// Keys that were made, by the hour.
    pub(crate) keys_made: BTreeMap<i64, u64>,
    /// Whether the account is suspended.
    pub(crate) suspended: bool,
}

/// The calls of one key in one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The attribute that counts it.
    pub attribute: String,
    /// Whole minutes since 1970.
    pub minute: i64,
    /// Admitted calls.
    pub calls: u64,
}

impl Meter {
    /// The calls of `key` in `minute`.
    pub fn calls_in(&self, key: KeyId, minute: i64) -> u64 {
        let attribute = Counter::minute(key, minute);
        self.windows
            .iter()
            .find(|window| window.attribute == attribute)
            .map_or(0, |window| window.calls)
    }

    /// The calls of a UTC month, `yyyymm`.
    pub fn calls_of_month(&self, month: &str) -> u64 {
        self.months.get(month).copied().unwrap_or(0)
    }

    /// Whether the plan includes calls at all: a limit of zero is no access.
    pub fn has_access(&self) -> bool {
        self.minute_limit != Some(0) && self.month_limit != Some(0)
    }

    /// Whether a grant has expired that was not settled yet.
    pub fn grants_due(&self, now: Timestamp) -> bool {
        self.grants_expire.is_some_and(|end| end <= now)
    }

    /// The shards that calls without a price may be counted on.
    pub fn open_shards(&self) -> Option<u8> {
        self.shape.open
    }

    /// Whether what closed shards have counted waits to be taken in: see [`super::Accounts::fold_shards`].
    pub fn is_folding(&self) -> bool {
        self.shape.folding.is_some()
    }

    /// Whether some of the counters are in other items.
    pub fn is_part(&self) -> bool {
        self.shard.is_some() || self.shape.count() > 0
    }

    /// The marks of repeated writes that no request can meet any more.
    pub fn past_marks(&self, now: Timestamp) -> impl Iterator<Item = &String> {
        let past = move |(_, at): &&(String, Timestamp)| at.as_second() < now.as_second() - LATEST;
        self.marks.iter().filter(past).map(|(mark, _)| mark)
    }

    /// The credits of days that are not in the ledger yet.
    pub fn open_spend(&self) -> Credits {
        self.days.values().map(|day| day.spent).sum()
    }

    pub(crate) fn from_item(item: &Item) -> Result<Self, StoreError> {
        let mut meter = Self::default();
        for (name, value) in item {
            meter
                .read(name, value)
                .ok_or_else(|| StoreError::malformed("meter", format!("attribute {name}")))?;
        }
        Ok(meter)
    }

    fn read(&mut self, name: &str, value: &AttributeValue) -> Option<()> {
        match name {
            "pk" | "sk" => {}
            "plan" => value.as_s().ok()?.clone_into(&mut self.plan),
            "minute_limit" => self.minute_limit = Some(count(value)?),
            "month_limit" => self.month_limit = Some(count(value)?),
            "credits" => self.credits = tenths(value)?,
            "grants_expire" => self.grants_expire = Some(second(value)?),
            "grants_rev" => self.grants_rev = count(value)?,
            "low_at" => self.low_at = tenths(value)?,
            "low_of" => value.as_s().ok()?.clone_into(&mut self.low_of),
            "shards" => self.shape.open = Some(small(value)?),
            "folding" => self.shape.folding = Some(small(value)?),
            "shards_rev" => self.shape.rev = count(value)?,
            "shard" => self.shard = Some(Shard::new(small(value)?)),
            "jobs_active" => self.jobs_active = count(value)?,
            "active" => self.active.clone_from(value.as_ss().ok()?),
            "session" => self.session = Some(value.as_s().ok()?.clone()),
            "grace" => {
                for (key, until) in value.as_m().ok()? {
                    self.grace.insert(key.clone(), second(until)?);
                }
            }
            "suspended" => self.suspended = *value.as_bool().ok()?,
            "t1" => self.last_write = WriteToken::read(value)?,
            _ => self.read_counter(name, value)?,
        }
        Some(())
    }

    fn read_counter(&mut self, name: &str, value: &AttributeValue) -> Option<()> {
        match Counter::parse(name) {
            Some(Counter::Minute(_, minute)) => self.windows.push(Window {
                attribute: name.to_owned(),
                minute,
                calls: count(value)?,
            }),
            Some(Counter::Key(tag, day)) => {
                let keys = &mut self.days.entry(day).or_default().keys;
                keys.insert(tag.to_owned(), count(value)?);
            }
            Some(Counter::Routes(group, day)) => {
                let routes = &mut self.days.entry(day).or_default().routes;
                routes.extend(unpack(group, value.as_n().ok()?.parse().ok()?));
            }
            Some(Counter::Spent(day)) => self.days.entry(day).or_default().spent = tenths(value)?,
            Some(Counter::Month(month)) => {
                self.months.insert(month.to_owned(), count(value)?);
            }
            Some(Counter::KeysMade(hour)) => {
                self.keys_made.insert(hour, count(value)?);
            }
            None if is_mark(name) => self.marks.push((name.to_owned(), second(value)?)),
            // Anything else is of a newer version, which may run beside this one.
            None => {}
        }
        Some(())
    }
}

fn small(value: &AttributeValue) -> Option<u8> {
    value.as_n().ok()?.parse().ok()
}

fn second(value: &AttributeValue) -> Option<Timestamp> {
    Timestamp::from_second(value.as_n().ok()?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::item::{number, text};

    fn stored() -> Item {
        let id = KeyId::from_parts(Timestamp::UNIX_EPOCH, 1);
        let (key, tag) = (id.suffix(), id.tag());
        let old = KeyId::from_parts(Timestamp::UNIX_EPOCH, 2).suffix();
        Item::from([
            ("pk".to_owned(), text("ACCT#x")),
            ("plan".to_owned(), text("team")),
            ("minute_limit".to_owned(), number(60)),
            ("credits".to_owned(), number(995)),
            ("active".to_owned(), AttributeValue::Ss(vec![key.clone()])),
            (
                "grace".to_owned(),
                AttributeValue::M(Item::from([(old, number(100))])),
            ),
            (format!("w{tag}h9kjk"), number(7)),
            (format!("d{tag}g17"), number(12)),
            ("r0g17".to_owned(), number(12_000_000_000_u64)),
            ("sg17".to_owned(), number(-5)),
            ("t1".to_owned(), number(17)),
            ("x17".to_owned(), number(100)),
            ("m202611".to_owned(), number(40)),
        ])
    }

    #[test]
    fn reads_limits_and_windows() {
        let meter = Meter::from_item(&stored()).unwrap();
        let key = KeyId::from_parts(Timestamp::UNIX_EPOCH, 1);
        assert_eq!(meter.calls_in(key, 29_000_000), 7);
        assert_eq!(meter.calls_in(key, 29_000_001), 0);
        assert_eq!(meter.minute_limit, Some(60));
        assert_eq!(meter.month_limit, None);
        assert_eq!(
            meter.days[&"20261122".parse().unwrap()],
            Day {
                keys: [(key.tag(), 12)].into(),
                routes: [(1, 12)].into(),
                spent: Credits::from_tenths(-5)
            }
        );
        assert_eq!(meter.months["202611"], 40);
    }

    #[test]
    fn a_rotated_key_is_accepted_until_its_grace_ends() {
        let meter = Meter::from_item(&stored()).unwrap();
        let old = KeyId::from_parts(Timestamp::UNIX_EPOCH, 2);
        assert!(meter.accepts(old, Timestamp::from_second(99).unwrap()));
        assert!(!meter.accepts(old, Timestamp::from_second(100).unwrap()));
        assert!(!meter.accepts(
            KeyId::from_parts(Timestamp::UNIX_EPOCH, 3),
            Timestamp::UNIX_EPOCH
        ));
    }

    #[test]
    fn attributes_of_a_newer_version_are_passed_over() {
        let mut item = stored();
        for name in [
            "x",
            "deleted",
            "d20261122",
            "minute_soft_limit",
            "state",
            "w_",
        ] {
            item.insert(name.to_owned(), text("new"));
        }
        assert_eq!(
            Meter::from_item(&item).unwrap(),
            Meter::from_item(&stored()).unwrap()
        );
    }

    #[test]
    fn a_counter_that_is_no_number_is_an_error() {
        let mut item = stored();
        item.insert("r0g18".to_owned(), text("many"));
        assert!(Meter::from_item(&item).is_err());
    }
}
