use std::fmt;

use types::random_bytes;

/// Items that the calls of a meter without limits are spread over. DynamoDB takes about 1,000 writes a second on one item, so
/// these take 16,000; and a change of the keys, which writes them all, stays well within a transaction's 100 parts.
pub(super) const SHARDS: u8 = 16;

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
    pub(crate) fn all(count: u8) -> impl Iterator<Item = Self> {
        (0..count).map(Self)
    }

    pub(super) const fn new(number: u8) -> Self {
        Self(number)
    }

    pub(super) const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

/// What a meter says of its shards: open, then closed and to be folded, then none. No two moments between which it changed
/// have the same shape, as `rev` goes up each time that shards are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// How many are open.
    pub(super) open: Option<u8>,
    /// How many are closed: they let nobody in, and their counters are still to be added to the meter's.
    pub(super) folding: Option<u8>,
    /// How often shards were opened. Those that are open or closed have this in `shards_rev` too.
    pub(super) rev: u64,
}

impl Shape {
    /// The items beside the meter that have a part of its counters.
    pub(super) fn count(self) -> u8 {
        self.open.or(self.folding).unwrap_or(0)
    }

    /// The shape after shards are opened.
    pub(super) const fn opened(self) -> Self {
        Self {
            open: Some(SHARDS),
            folding: None,
            rev: self.rev + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shard_is_as_likely_as_another() {
        let mut counts = [0_u32; 16];
        for _ in 0..16_000 {
            counts[usize::from(Shard::any(SHARDS).number())] += 1;
        }
        // 1,000 each; six standard deviations either side.
        for count in counts {
            assert!((816..=1_184).contains(&count), "{counts:?}");
        }
        assert_eq!(Shard::all(SHARDS).last().unwrap().to_string(), "15");
    }
}
