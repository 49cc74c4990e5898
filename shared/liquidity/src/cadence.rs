use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// How often a source renews its data. In JSON such as `daily`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Every year.
    Yearly,
}

impl Cadence {
    /// Every cadence, the quickest first.
    pub const ALL: [Self; 6] = [
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::Yearly,
    ];

    /// The age up to which data of such a source are expected: two periods, so that one missed renewal is no alarm and two
    /// are.
    pub const fn sla(self) -> SignedDuration {
        let hours = match self {
            Self::Hourly => 1,
            Self::Daily => 24,
            Self::Weekly => 7 * 24,
            Self::Monthly => 31 * 24,
            Self::Quarterly => 92 * 24,
            Self::Yearly => 366 * 24,
        };
        SignedDuration::from_hours(2 * hours)
    }
}

/// When data were observed, and how often their source renews them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The moment that the data describe.
    pub at: Timestamp,
    /// How often the source renews them.
    pub cadence: Cadence,
}

impl Observed {
    /// The age of the data at `now`, in times of the [SLA](Cadence::sla) of their source: up to 1 they are in time. 0 for data of the
    /// future.
    pub fn age_in_slas(&self, now: Timestamp) -> f64 {
        let age = now.duration_since(self.at).as_secs_f64();
        (age / self.cadence.sla().as_secs_f64()).max(0.0)
    }

    /// Whether the data are older than the SLA of their source.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) > self.cadence.sla()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::now;

    #[test]
    fn stale_begins_after_two_periods() {
        for cadence in Cadence::ALL {
            let at = now() - cadence.sla();
            let due = Observed { at, cadence };
            assert!(!due.is_stale(now()));
            assert!((due.age_in_slas(now()) - 1.0).abs() < 1e-12);
            let at = at - SignedDuration::from_secs(1);
            assert!(Observed { at, cadence }.is_stale(now()));
        }
        assert_eq!(Cadence::Daily.sla(), SignedDuration::from_hours(48));
    }

    #[test]
    fn the_future_has_no_age() {
        let at = now() + SignedDuration::from_hours(1);
        let cadence = Cadence::Hourly;
        assert!(Observed { at, cadence }.age_in_slas(now()).abs() < 1e-12);
    }
}
