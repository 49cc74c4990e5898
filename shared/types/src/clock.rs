use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// Where `now` comes from. Functions read it once at the edge and pass it down, so that a test can move it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the edge the others take `now` from")]
        Self(Arc::new(Timestamp::now))
    }

    /// A clock that answers what `read` answers; tests keep the other end and move it.
    pub fn from_fn(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// The number of the whole minute since 1970 that `at` falls into.
pub fn minute_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}
