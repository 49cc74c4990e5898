use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use types::{Date, Timestamp, date_of};

/// How a history is bucketed. In JSON such as `day`; buckets are of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// A bucket a day.
    #[default]
    Day,
    /// A bucket a week, from Monday on (ISO 8601).
    Week,
    /// A bucket a month.
    Month,
}

/// Text that is not an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an interval is one of day, week, month")]
pub struct UnknownInterval;

impl Interval {
    /// Every interval, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The word for it in requests and responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first day of the bucket that `date` is in.
    pub fn start(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => {
                let since_monday = date.weekday().to_monday_zero_offset();
                date.checked_sub(jiff::Span::new().days(since_monday))
                    .unwrap_or(date)
            }
            Self::Month => date.first_of_month(),
        }
    }
}

impl FromStr for Interval {
    type Err = UnknownInterval;

    fn from_str(text: &str) -> Result<Self, UnknownInterval> {
        let mut all = Self::ALL.into_iter();
        all.find(|interval| interval.as_str() == text)
            .ok_or(UnknownInterval)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The last point of each bucket, the newest bucket first, at most `limit` of them. Points may be in any order; of two of one time
/// the later in `points` counts. Buckets without a point are left out: nothing is filled in.
pub fn resample<T>(
    points: impl IntoIterator<Item = T>,
    at: impl Fn(&T) -> Timestamp,
    interval: Interval,
    limit: usize,
) -> Vec<T> {
    let mut buckets: BTreeMap<Date, T> = BTreeMap::new();
    for point in points {
        let time = at(&point);
        let bucket = interval.start(date_of(time));
        if buckets.get(&bucket).is_none_or(|last| at(last) <= time) {
            buckets.insert(bucket, point);
        }
    }
    buckets.into_values().rev().take(limit).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn times(texts: &[&str]) -> Vec<Timestamp> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[track_caller]
    fn check(interval: Interval, limit: usize, kept: &[&str]) {
        let points = times(&[
            "2026-03-01T06:00:00Z",
            "2026-02-28T23:59:59Z",
            "2026-03-02T06:00:00Z",
            "2026-03-02T18:00:00Z",
            "2026-01-05T00:00:00Z",
            "2026-01-04T12:00:00Z",
        ]);
        assert_eq!(resample(points, |at| *at, interval, limit), times(kept));
    }

    #[test]
    fn the_last_of_each_bucket_newest_first() {
        check(
            Interval::Day,
            9,
            &[
                "2026-03-02T18:00:00Z",
                "2026-03-01T06:00:00Z",
                "2026-02-28T23:59:59Z",
                "2026-01-05T00:00:00Z",
                "2026-01-04T12:00:00Z",
            ],
        );
        // 1 March and 4 January 2026 are Sundays, 2 March and 5 January Mondays.
        check(
            Interval::Week,
            9,
            &[
                "2026-03-02T18:00:00Z",
                "2026-03-01T06:00:00Z",
                "2026-01-05T00:00:00Z",
                "2026-01-04T12:00:00Z",
            ],
        );
        check(
            Interval::Month,
            2,
            &["2026-03-02T18:00:00Z", "2026-02-28T23:59:59Z"],
        );
        check(Interval::Month, 0, &[]);
    }

    #[test]
    fn words_are_those_of_json() {
        for interval in Interval::ALL {
            assert_eq!(serde_json::to_value(interval).unwrap(), interval.as_str());
            assert_eq!(interval.as_str().parse(), Ok(interval));
        }
        assert_eq!("year".parse::<Interval>(), Err(UnknownInterval));
    }

    proptest! {
        #[test]
        fn no_point_is_invented_and_no_bucket_is_twice(
            seconds in prop::collection::vec(-4_000_000_000i64..4_000_000_000, 0..50),
            limit in 0usize..60,
        ) {
            let points: Vec<Timestamp> = seconds.iter().map(|at| Timestamp::from_second(*at).unwrap()).collect();
            for interval in Interval::ALL {
                let kept = resample(points.clone(), |at| *at, interval, limit);
                prop_assert!(kept.len() <= limit && kept.is_sorted_by(|a, b| a > b));
                let starts: Vec<Date> = kept.iter().map(|at| interval.start(date_of(*at))).collect();
                prop_assert!(starts.is_sorted_by(|a, b| a > b));
                for at in &kept {
                    let later = points.iter().filter(|point| interval.start(date_of(**point)) == interval.start(date_of(*at)));
                    prop_assert_eq!(later.max(), Some(at));
                }
            }
        }
    }
}
