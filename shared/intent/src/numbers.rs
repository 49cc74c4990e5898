use types::Timestamp;

use crate::{Kind, Signal, Strength};

/// What of a signal the numbers of a score depend on: all but its texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// What it is about.
    pub kind: Kind,
    /// Its strength on the day it was observed.
    pub strength: Strength,
    /// When it happened or was first seen.
    pub observed_at: Timestamp,
}

impl From<&Signal> for Numbers {
    fn from(signal: &Signal) -> Self {
        Self {
            kind: signal.kind,
            strength: signal.strength,
            observed_at: signal.observed_at,
        }
    }
}
