use std::error::Error;
use std::fmt;

use types::Chain;

/// Any error of a function's start or of one record of a worker, to be logged with all its causes.
pub struct Failure {
    error: Box<dyn Error + Send + Sync>,
    expected: bool,
}

impl Failure {
    /// A record that cannot be processed yet: it is to be delivered again, without raising an alarm.
    pub fn not_yet(why: &'static str) -> Self {
        Self {
            error: why.into(),
            expected: true,
        }
    }

    /// Whether it raises no alarm.
    pub(crate) const fn is_expected(&self) -> bool {
        self.expected
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            expected: false,
        }
    }
}

impl fmt::Display for Failure {
    /// The error and all its causes, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Chain(&*self.error).fmt(f)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
