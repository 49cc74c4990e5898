/// Items that the calls of a meter without limits are spread over. DynamoDB takes about 1,000 writes a second on one item, so
/// these take 16,000; and a change of the keys, which writes them all, stays well within a transaction's 100 parts.
pub(crate) const SHARDS: u8 = 16;

/// What a meter says of its shards: open, then closed and to be folded, then none. No two moments between which it changed
/// have the same shape, as `rev` rises each time that shards are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// How many are open.
    pub(crate) open: Option<u8>,
    /// How many are closed: they admit no call, and their counters are still to be added to the meter's.
    pub(crate) folding: Option<u8>,
    /// How often shards were opened. Those that are open or closed have this in `shards_rev` too.
    pub(crate) rev: u64,
}

impl Shape {
    /// The items beside the meter that have a part of its counters.
    pub(crate) fn count(self) -> u8 {
        self.open.or(self.folding).unwrap_or(0)
    }

    /// The shape after shards are opened.
    pub(crate) const fn opened(self) -> Self {
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
    use store::Shard;

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
