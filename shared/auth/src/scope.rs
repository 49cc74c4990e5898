use std::fmt;

/// What a key may do with its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All reading calls.
    Read,
    /// Reading calls, and all that changes or starts something.
    Write,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// The scope as written in keys, answers and the documentation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The scope of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    /// Whether a key with this scope may do what `needed` allows: writing includes reading.
    pub const fn includes(self, needed: Self) -> bool {
        match (self, needed) {
            (Self::Write, _) | (Self::Read, Self::Read) => true,
            (Self::Read, Self::Write) => false,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
