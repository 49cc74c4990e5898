use accounts::Meter;
use types::{KeyId, Timestamp, minute_of, month_of, next_month};

/// One fixed window of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowLimit {
    /// Calls that the window allows.
    pub limit: u64,
    /// Calls that are left in it.
    pub remaining: u64,
    /// When the next window begins.
    pub reset: Timestamp,
}

/// The limits of a key after a call. A window without a limit is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The key's calls of this minute.
    pub minute: Option<WindowLimit>,
    /// The account's calls of this UTC month.
    pub month: Option<WindowLimit>,
}

impl Limits {
    /// The limits on a meter, as `key` sees them at `now`.
    pub fn of(meter: &Meter, key: KeyId, now: Timestamp) -> Self {
        let minute = minute_of(now);
        let next_minute = Timestamp::from_second((minute + 1) * 60).unwrap_or(now);
        let window = |limit: u64, used: u64, reset| WindowLimit {
            limit,
            remaining: limit.saturating_sub(used),
            reset,
        };
        let month_used = meter.calls_of_month(&month_of(now));
        Self {
            minute: meter
                .minute_limit
                .map(|limit| window(limit, meter.calls_in(key, minute), next_minute)),
            month: meter
                .month_limit
                .map(|limit| window(limit, month_used, next_month(now))),
        }
    }
}

impl WindowLimit {
    /// Seconds from `now` until the next window begins, at least one.
    pub fn seconds_left(&self, now: Timestamp) -> i64 {
        (self.reset.as_second() - now.as_second()).max(1)
    }
}
