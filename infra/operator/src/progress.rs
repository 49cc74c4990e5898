use types::{Clock, Timestamp};

/// Seconds between two reports.
const INTERVAL: i64 = 2;

/// Reports the progress of a long command on stderr, at most every two seconds.
#[derive(Debug)]
pub(crate) struct Progress {
    clock: Clock,
    reported_at: Timestamp,
}

impl Progress {
    /// Progress of a command that starts now.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            reported_at: clock.now(),
        }
    }

    /// Prints a message unless one was printed within the interval.
    pub(crate) fn report(&mut self, message: impl FnOnce() -> String) {
        let now = self.clock.now();
        if now.as_second() - self.reported_at.as_second() >= INTERVAL {
            eprintln!("{}", message());
            self.reported_at = now;
        }
    }
}
