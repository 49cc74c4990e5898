use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use types::{Clock, Timestamp};

/// A clock that stands still until it is moved.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// Noon of a day in the middle of a month, ten seconds into a minute: no window ends by accident.
    pub fn at_noon() -> Self {
        let noon: Timestamp = "2026-11-15T12:00:10Z".parse().unwrap();
        Self(Arc::new(AtomicI64::new(noon.as_second())))
    }

    /// Moves the clock on.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The clock as the code under test reads it.
    pub fn clock(&self) -> Clock {
        let seconds = self.0.clone();
        Clock::from_fn(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap())
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }
}
