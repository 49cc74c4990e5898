use std::error::Error;
use std::fmt;

use types::Chain;

/// Any error that ends a function's start or one record of a worker, kept for the log with its whole chain.
pub struct Failure {
    error: Box<dyn Error + Send + Sync>,
    expected: bool,
}

impl Failure {
    /// A record that cannot be done yet, through nobody's fault: it is to be delivered again, and alarms nobody.
    pub fn not_yet(why: &'static str) -> Self {
        Self {
            error: why.into(),
            expected: true,
        }
    }

    /// Whether it alarms nobody.
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
