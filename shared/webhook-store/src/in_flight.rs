use jiff::SignedDuration;
use types::Timestamp;

/// How long a slot is: twice what a request may take.
const LENGTH: SignedDuration = SignedDuration::from_secs(30);
/// Slots that have an attribute each, in turn.
const SLOTS: i64 = 4;

/// A span of 30 s, in which requests in flight are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(i64);

impl Slot {
    /// That of a moment.
    pub fn of(now: Timestamp) -> Self {
        Self(now.as_second().div_euclid(LENGTH.as_secs()))
    }

    /// The attribute that it is counted in.
    pub(crate) fn attribute(self) -> String {
        format!("in_flight_{}", self.0.rem_euclid(SLOTS))
    }

    /// The attributes of the two slots to come, which may have what was counted long ago.
    pub(crate) fn next(self) -> [String; 2] {
        [1, 2].map(|later| Self(self.0 + later).attribute())
    }
}
