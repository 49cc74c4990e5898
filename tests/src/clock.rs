use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use types::{Clock, Timestamp, UtcDay};

/// A day from its text, `yyyymmdd`.
pub fn day(text: &str) -> UtcDay {
    text.parse().unwrap()
}

/// A clock that only advances when told to.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock at noon in mid-month, ten seconds into a minute, so that no window ends by accident.
    pub fn at_noon() -> Self {
        let noon: Timestamp = "2026-11-15T12:00:10Z".parse().unwrap();
        Self(Arc::new(AtomicI64::new(noon.as_second())))
    }

    /// Advances the clock.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The clock for the code under test.
    pub fn clock(&self) -> Clock {
        let seconds = self.0.clone();
        Clock::from_fn(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap())
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }
}
