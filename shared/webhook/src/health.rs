use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// The failures in a row from which on the circuit breaker opens.
const BREAKER_FAILURES: u32 = 5;
/// How long it is open then, and at most.
const OPEN: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_OPEN: SignedDuration = SignedDuration::from_mins(15);
/// A failure this long after the one before begins a new series.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);
/// How long attempts may only fail before the webhook is disabled.
pub const LONGEST_SERIES: SignedDuration = SignedDuration::from_hours(120);
/// After how long its account is warned, the last time last.
const WARNINGS: [SignedDuration; 2] = [
    SignedDuration::from_hours(24),
    SignedDuration::from_hours(96),
];

/// The series of failures that a webhook's endpoint is in. After a success there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Its failures, all in a row.
    pub failures: u32,
    /// When the first was.
    pub failing_since: Timestamp,
    /// When the last was.
    pub last_failure_at: Timestamp,
}

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Continue,
    /// The account is to be warned, for the first time or the second.
    Warn(u8),
    /// The webhook is to be disabled.
    Disable,
}

impl Health {
    /// The series after one more failure.
    #[must_use]
    pub fn after_failure(series: Option<Self>, at: Timestamp) -> Self {
        let going_on = series.filter(|series| !series.is_over(at));
        Self {
            failures: going_on.map_or(1, |series| series.failures.saturating_add(1)),
            failing_since: going_on.map_or(at, |series| series.failing_since),
            last_failure_at: at.max(going_on.map_or(at, |series| series.last_failure_at)),
        }
    }

    /// What follows from the last failure.
    pub fn verdict(&self) -> Verdict {
        let lasted = self.last_failure_at.duration_since(self.failing_since);
        if lasted >= LONGEST_SERIES {
            return Verdict::Disable;
        }
        let passed = WARNINGS.iter().filter(|after| lasted >= **after).count();
        u8::try_from(passed)
            .ok()
            .filter(|passed| *passed > 0)
            .map_or(Verdict::Continue, Verdict::Warn)
    }

    /// Until when no request is sent; none if requests are sent as usual. From then on, one at a time is.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        let beyond = self.failures.checked_sub(BREAKER_FAILURES)?;
        if self.is_over(now) {
            return None;
        }
        let open = OPEN * 2i32.saturating_pow(beyond.min(10));
        self.last_failure_at
            .checked_add(open.min(LONGEST_OPEN))
            .ok()
    }

    /// Whether the last failure is so long ago that another is none of the series.
    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.last_failure_at) > LONGEST_PAUSE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: f64) -> Timestamp {
        let since = SignedDuration::from_secs_f64(hours * 3_600.0);
        Timestamp::UNIX_EPOCH.checked_add(since).unwrap()
    }

    fn failing(hours: impl IntoIterator<Item = f64>) -> Health {
        let series = hours.into_iter().fold(None, |series, hour| {
            Some(Health::after_failure(series, at(hour)))
        });
        series.unwrap()
    }

    #[test]
    fn an_endpoint_that_only_fails_for_120_hours_is_disabled_with_warnings_before() {
        let every = |hours: u32| failing((0..=hours / 10).map(|n| f64::from(n) * 10.0)).verdict();
        assert_eq!(every(20), Verdict::Continue);
        assert_eq!(every(30), Verdict::Warn(1));
        assert_eq!(every(90), Verdict::Warn(1));
        assert_eq!(every(100), Verdict::Warn(2));
        assert_eq!(every(110), Verdict::Warn(2));
        assert_eq!(every(120), Verdict::Disable);
    }

    #[test]
    fn a_few_failures_of_a_webhook_that_is_rarely_sent_anything_disable_nothing() {
        // Two failures a week, and nothing between.
        let weekly = (0..20).flat_map(|week| [0.0, 0.1].map(|h| f64::from(week) * 168.0 + h));
        let series = failing(weekly);
        assert_eq!((series.failures, series.verdict()), (2, Verdict::Continue));
    }

    #[test]
    fn the_breaker_opens_at_the_fifth_failure_and_for_longer_each_time() {
        let open = |failures: u16| {
            let series = failing((0..failures).map(|_| 1.0));
            let until = series.open_until(at(1.0));
            until.map(|until| until.duration_since(at(1.0)).as_secs())
        };
        assert_eq!(open(4), None);
        assert_eq!(
            [5, 6, 7, 9, 10, 60].map(open),
            [30, 60, 120, 480, 900, 900].map(Some)
        );
        assert_eq!(failing([1.0; 9]).open_until(at(25.1)), None);
    }

    #[test]
    fn failures_that_are_told_late_do_not_turn_time_back() {
        let series = failing([2.0, 1.0]);
        assert_eq!(
            (series.failing_since, series.last_failure_at),
            (at(2.0), at(2.0))
        );
    }
}
