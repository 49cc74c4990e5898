use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::item::number;
use types::Timestamp;

/// UTC days that are counted, today included.
pub const DAYS_COUNTED: i64 = 7;

/// Requests to a webhook by UTC day, in its row: the write that stores a request's result counts it.
///
/// A map of numbers by a letter and the day's number since 1970, such as `s20785`: DynamoDB adds to each without reading it. Days that are
/// too old are removed by the writes that count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DayCounts(BTreeMap<String, u64>);

/// The requests of one UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub date: Date,
    /// Those that have succeeded.
    pub succeeded: u64,
    /// Those that have failed.
    pub failed: u64,
    /// How long all of them took together, in milliseconds.
    pub duration_ms: u64,
}

const SUCCEEDED: char = 's';
const FAILED: char = 'f';
const DURATION: char = 'm';

/// The parts of an update that counts a request: what to set and what to remove, with the names and values in it.
pub(crate) struct Counting {
    pub(crate) set: String,
    pub(crate) remove: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl DayCounts {
    pub(crate) const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// The counts of the days up to today, the newest first, one for each day.
    pub fn until(&self, now: Timestamp) -> impl Iterator<Item = DayCount> {
        let today = day(now);
        (0..DAYS_COUNTED).map(move |ago| {
            let of = |what: char| {
                let found = self.0.get(&key(what, today - ago));
                found.copied().unwrap_or_default()
            };
            DayCount {
                date: date(now, ago),
                succeeded: of(SUCCEEDED),
                failed: of(FAILED),
                duration_ms: of(DURATION),
            }
        })
    }

    /// Counts one request more, where the counts before were `self`.
    pub(crate) fn count(&self, now: Timestamp, succeeded: bool, took: Duration) -> Counting {
        let today = day(now);
        let what = if succeeded { SUCCEEDED } else { FAILED };
        let mut names = HashMap::from([
            ("#requests".to_owned(), key(what, today)),
            ("#duration".to_owned(), key(DURATION, today)),
        ]);
        let values = [
            (":request", number(1)),
            (":zero", number(0)),
            (":took", number(took.as_millis())),
        ];
        let set = ["requests", "duration"]
            .map(|name| format!("days.#{name} = if_not_exists(days.#{name}, :zero) + "));
        let [requests, duration] = set;
        let too_old = self.0.keys().filter(|key| {
            let day = key.get(1..).and_then(|day| day.parse::<i64>().ok());
            day.is_none_or(|day| day <= today - DAYS_COUNTED)
        });
        let mut remove = String::new();
        for (place, old) in too_old.enumerate() {
            let _ = write!(remove, ", days.#old{place}");
            names.insert(format!("#old{place}"), old.clone());
        }
        Counting {
            set: format!("{requests}:request, {duration}:took"),
            remove,
            names,
            values: values.map(|(name, value)| (name.to_owned(), value)).into(),
        }
    }
}

/// The number of a UTC day, from 1970-01-01 on.
fn day(now: Timestamp) -> i64 {
    now.as_second().div_euclid(86_400)
}

fn key(what: char, day: i64) -> String {
    format!("{what}{day}")
}

fn date(now: Timestamp, days_ago: i64) -> Date {
    let today = now.to_zoned(TimeZone::UTC).date();
    today.saturating_sub(days_ago.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_counted_until_seven_days_have_begun_after_it() {
        let now: Timestamp = "2026-11-28T23:59:59Z".parse().unwrap();
        let counts = [
            ("s20785", 2),
            ("f20785", 1),
            ("m20785", 90),
            ("s20779", 5),
            ("s20778", 7),
        ];
        let counts = DayCounts(counts.map(|(key, count)| (key.to_owned(), count)).into());
        let days: Vec<DayCount> = counts.until(now).collect();
        assert_eq!(days.len(), 7);
        let newest = DayCount {
            date: "2026-11-28".parse().unwrap(),
            succeeded: 2,
            failed: 1,
            duration_ms: 90,
        };
        assert_eq!(days[0], newest);
        assert_eq!(
            (days[6].date.to_string(), days[6].succeeded),
            ("2026-11-22".to_owned(), 5)
        );
        let counting = counts.count(now, true, Duration::from_millis(40));
        assert_eq!(counting.names["#requests"], "s20785");
        assert_eq!(
            (&*counting.remove, &*counting.names["#old0"]),
            (", days.#old0", "s20778")
        );
    }
}
