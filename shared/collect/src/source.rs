use std::fmt;

/// A public source of signals that needs no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Job boards of Greenhouse.
    Greenhouse,
    /// Job boards of Lever.
    Lever,
    /// Job boards of Ashby.
    Ashby,
    /// Job boards of Workable.
    Workable,
    /// Stories on Hacker News, through Algolia's search.
    Hn,
    /// A GitHub organisation's public repositories.
    Github,
    /// Documents filed with the SEC.
    Sec,
    /// Mail provider and services in use, from the DNS records of the domain.
    Dns,
    /// The company's own site.
    Site,
    /// The registration of the domain.
    Rdap,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 10] = [
        Self::Greenhouse,
        Self::Lever,
        Self::Ashby,
        Self::Workable,
        Self::Hn,
        Self::Github,
        Self::Sec,
        Self::Dns,
        Self::Site,
        Self::Rdap,
    ];

    /// The name of the source in settings, in keys, and as the `source` of its signals.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greenhouse => "greenhouse",
            Self::Lever => "lever",
            Self::Ashby => "ashby",
            Self::Workable => "workable",
            Self::Hn => "hn",
            Self::Github => "github",
            Self::Sec => "sec",
            Self::Dns => "dns",
            Self::Site => "site",
            Self::Rdap => "rdap",
        }
    }

    /// The source of this name.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
