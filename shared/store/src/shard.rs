use std::fmt;

use types::random_bytes;

/// One of the items that a meter without limits is spread over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shard(u8);

impl Shard {
    /// One of this many, at random, so that no instance needs to know what others do.
    pub fn any(of: u8) -> Self {
        // 16 divides 256, so each is as likely as another.
        let [byte] = random_bytes();
        Self(byte.checked_rem(of).unwrap_or(0))
    }

    /// The first `count`.
    pub fn all(count: u8) -> impl Iterator<Item = Self> {
        (0..count).map(Self)
    }

    /// The shard of this number.
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// Its number, from zero.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}
