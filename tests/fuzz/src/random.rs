/// `SplitMix64` (Steele, Lea and Flood, 2014): the same numbers for the same seed, everywhere.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Numbers of a target's own.
    pub(crate) fn of(target: &str, seed: u64) -> Self {
        // FNV-1a.
        let hash = target
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(hash ^ seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let number = self.next() % (end.max(1) as u64);
        usize::try_from(number).unwrap_or(0)
    }

    /// A number below `end`, more often a small one.
    pub(crate) fn short(&mut self, end: usize) -> usize {
        let end = end >> self.below(end.ilog2() as usize + 1);
        self.below(end)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// One of these; none of nothing.
    pub(crate) fn of_all<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// A range within `length` of at most `longest`.
    pub(crate) fn range(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let size = self.below((length - start).min(longest) + 1);
        start..start + size
    }
}
