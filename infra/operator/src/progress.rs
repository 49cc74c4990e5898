use types::{Clock, Timestamp};

/// Seconds of silence that nobody minds.
const SILENCE: i64 = 2;

/// Says on stderr how far a long command is, at most every two seconds.
#[derive(Debug)]
pub(crate) struct Progress {
    clock: Clock,
    said_at: Timestamp,
}

impl Progress {
    /// A command that begins now.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            said_at: clock.now(),
        }
    }

    /// Says it, if nothing was said for a while.
    pub(crate) fn say(&mut self, what: impl FnOnce() -> String) {
        let now = self.clock.now();
        if now.as_second() - self.said_at.as_second() >= SILENCE {
            eprintln!("{}", what());
            self.said_at = now;
        }
    }
}
