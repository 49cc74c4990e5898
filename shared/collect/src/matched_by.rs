use serde::{Deserialize, Serialize};

/// How what a source has was matched to a company: docs/decisions/0010.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MatchedBy {
    /// The company's pages link to it, or it to the company's pages.
    Link,
    /// Only its name is that of the domain.
    Name,
}

impl MatchedBy {
    /// What the strength of a signal is multiplied by: 0.8 to 1.
    pub(crate) const fn factor(self) -> f64 {
        match self {
            Self::Link => 1.0,
            Self::Name => 0.8,
        }
    }

    /// What the evidence says of it, at its end.
    pub(crate) const fn doubt(self) -> &'static str {
        match self {
            Self::Link => "",
            Self::Name => ", company known by name only",
        }
    }
}
