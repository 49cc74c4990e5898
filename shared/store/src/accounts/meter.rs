use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use types::{Credits, KeyId, Timestamp};

use crate::StoreError;
use crate::table::Item;

/// The counters and limits of one product of an account, as one item that every call writes.
///
/// Windows are in attribute names (`w<key>_<minute>`, `d<yyyymmdd>`, `s<yyyymmdd>`, `m<yyyymm>`), so that a new minute,
/// day or month needs no second call. The item stays below 1 KB, one write unit.
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
    /// Bulk jobs that are not finished.
    pub jobs_active: u64,
    /// Calls a UTC month, by `yyyymm`.
    pub months: BTreeMap<String, u64>,
    /// Days that are not closed yet, by `yyyymmdd`.
    pub days: BTreeMap<String, Day>,
    /// Minutes that were counted and not yet swept.
    pub windows: Vec<Window>,
    active: Vec<String>,
    session: Option<String>,
    grace: BTreeMap<String, Timestamp>,
}

/// What single calls used on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Admitted calls.
    pub calls: u64,
    /// Credits spent by single calls (jobs go to the ledger at once).
    pub spent: Credits,
}

/// The calls of one key in one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The attribute that counts it.
    pub attribute: String,
    /// The key's id, without its prefix.
    pub key: String,
    /// Whole minutes since 1970.
    pub minute: i64,
    /// Admitted calls.
    pub calls: u64,
}

impl Window {
    /// The attribute that counts `key` in `minute`.
    pub(crate) fn attribute(key: KeyId, minute: i64) -> String {
        format!("w{}_{minute}", key.suffix())
    }
}

impl Meter {
    /// Whether calls with `key` are taken at `now`: it is active, or stands for the account's sessions, or was rotated away
    /// and is still in its grace period.
    pub fn accepts(&self, key: KeyId, now: Timestamp) -> bool {
        let id = key.suffix();
        self.active.contains(&id)
            || self.session.as_ref() == Some(&id)
            || self.grace.get(&id).is_some_and(|until| *until > now)
    }

    /// The calls of `key` in `minute`.
    pub fn calls_in(&self, key: KeyId, minute: i64) -> u64 {
        let attribute = Window::attribute(key, minute);
        self.windows
            .iter()
            .find(|window| window.attribute == attribute)
            .map_or(0, |window| window.calls)
    }

    /// The credits of days that are not in the ledger yet.
    pub fn open_spend(&self) -> Credits {
        self.days.values().map(|day| day.spent).sum()
    }

    /// The suffixes of the ids of the active keys.
    pub(crate) fn active(&self) -> &[String] {
        &self.active
    }

    /// How many keys are active; those in grace are not.
    pub fn active_keys(&self) -> usize {
        self.active.len()
    }

    /// The suffixes of the ids of keys whose grace period is over.
    pub(crate) fn ended_grace(&self, now: Timestamp) -> impl Iterator<Item = &String> {
        let ended = move |(_, until): &(&String, &Timestamp)| **until <= now;
        self.grace.iter().filter(ended).map(|(key, _)| key)
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
            "jobs_active" => self.jobs_active = count(value)?,
            "active" => self.active.clone_from(value.as_ss().ok()?),
            "session" => self.session = Some(value.as_s().ok()?.clone()),
            "grace" => {
                for (key, until) in value.as_m().ok()? {
                    let until = Timestamp::from_second(until.as_n().ok()?.parse().ok()?).ok()?;
                    self.grace.insert(key.clone(), until);
                }
            }
            _ => self.read_window(name, value)?,
        }
        Some(())
    }

    fn read_window(&mut self, name: &str, value: &AttributeValue) -> Option<()> {
        if let Some((key, minute)) = minute_window(name) {
            self.windows.push(Window {
                attribute: name.to_owned(),
                key: key.to_owned(),
                minute,
                calls: count(value)?,
            });
        } else if let Some(day) = dated(name, 'd', 8) {
            self.days.entry(day.to_owned()).or_default().calls = count(value)?;
        } else if let Some(day) = dated(name, 's', 8) {
            self.days.entry(day.to_owned()).or_default().spent = tenths(value)?;
        } else if let Some(month) = dated(name, 'm', 6) {
            self.months.insert(month.to_owned(), count(value)?);
        }
        // Anything else is of a newer version, which may run beside this one.
        Some(())
    }
}

/// The key and the minute of `w<key>_<minute>`.
fn minute_window(name: &str) -> Option<(&str, i64)> {
    let (key, minute) = name.strip_prefix('w')?.rsplit_once('_')?;
    Some((key, minute.parse().ok()?))
}

/// The date after a letter, of this many digits.
fn dated(name: &str, letter: char, digits: usize) -> Option<&str> {
    name.strip_prefix(letter)
        .filter(|date| date.len() == digits && date.bytes().all(|byte| byte.is_ascii_digit()))
}

fn count(value: &AttributeValue) -> Option<u64> {
    value.as_n().ok()?.parse().ok()
}

fn tenths(value: &AttributeValue) -> Option<Credits> {
    value.as_n().ok()?.parse().ok().map(Credits::from_tenths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{number, text};

    fn stored() -> Item {
        let key = KeyId::from_parts(Timestamp::UNIX_EPOCH, 1).suffix();
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
            (format!("w{key}_29000000"), number(7)),
            ("d20261122".to_owned(), number(12)),
            ("s20261122".to_owned(), number(-5)),
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
            meter.days["20261122"],
            Day {
                calls: 12,
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
        for name in ["x", "deleted", "minute_soft_limit", "state", "w_"] {
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
        item.insert("d20261123".to_owned(), text("many"));
        assert!(Meter::from_item(&item).is_err());
    }
}
