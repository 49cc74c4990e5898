use std::iter::successors;

use accounts::Day;
use types::{Date, UtcDay};

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    /// `2026-03-22`
    Day,
    /// `2026-W12`: an ISO 8601 week, Monday to Sunday. Its year is that of its Thursday.
    Week,
    /// `2026-03`
    Month,
}

impl Interval {
    pub(crate) const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The name of the period that contains a date.
    pub(crate) fn of(self, date: Date) -> String {
        match self {
            Self::Day => date.to_string(),
            Self::Week => {
                let week = date.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => date.strftime("%Y-%m").to_string(),
        }
    }
}

/// The last `days` dates including `today`, newest first.
pub(crate) fn dates(today: Date, days: usize) -> Vec<Date> {
    successors(Some(today), |date| date.yesterday().ok())
        .take(days)
        .collect()
}

/// The periods that contain `dates` (newest first), each with the sum of what `of` returns for its dates. The first and the
/// last period count only the dates in the range.
pub(crate) fn periods<'a>(
    dates: &[Date],
    interval: Interval,
    of: impl Fn(UtcDay) -> Vec<&'a Day>,
) -> Vec<(String, Day)> {
    let mut periods: Vec<(String, Day)> = Vec::new();
    for date in dates {
        let name = interval.of(*date);
        if periods.last().is_none_or(|(last, _)| *last != name) {
            periods.push((name, Day::default()));
        }
        if let Some((_, sum)) = periods.last_mut() {
            for day in of(UtcDay::from(*date)) {
                sum.add(day);
            }
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(today: &str, days: usize, interval: Interval, expected: &Expect) {
        let dates = dates(today.parse().unwrap(), days);
        let names: Vec<String> = periods(&dates, interval, |_| Vec::new())
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        expected.assert_eq(&names.join(" "));
    }

    #[test]
    fn days_weeks_and_months() {
        check(
            "2026-03-02",
            3,
            Interval::Day,
            &expect!["2026-03-02 2026-03-01 2026-02-28"],
        );
        check(
            "2026-03-22",
            8,
            Interval::Week,
            &expect!["2026-W12 2026-W11"],
        );
        check(
            "2026-03-01",
            2,
            Interval::Month,
            &expect!["2026-03 2026-02"],
        );
    }

    #[test]
    fn the_days_around_new_year_are_of_their_thursday_s_year() {
        check(
            "2027-01-04",
            5,
            Interval::Week,
            &expect!["2027-W01 2026-W53"],
        );
        check(
            "2024-12-31",
            3,
            Interval::Week,
            &expect!["2025-W01 2024-W52"],
        );
    }
}
