//! What the sections of a run measure and what they run beside, so that nothing else is built, installed or started.

use std::fmt;
use std::path::{Path, PathBuf};

/// A program that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A binary of this workspace.
    Ours {
        /// Its package.
        package: &'static str,
        /// Its name.
        binary: &'static str,
    },
    /// A package of the workspace tests/bench/peers/rust, with a binary of the same name.
    Baseline(&'static str),
    /// The same endpoint in another language, in tests/bench/peers.
    Peer(Language),
}

/// The language that a peer is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript on Node.js.
    Node,
}

/// What sections need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The programs that they measure, in the order of their tables.
    pub subjects: Vec<Subject>,
    /// Whether they start dynoxide.
    pub dynoxide: bool,
    /// Whether they run on a local stack.
    pub stack: bool,
}

/// The function that takes the request that baselines and peers take.
pub const SCORE: Subject = ours("score", "score");

/// Our HTTP functions.
pub const FUNCTIONS: [Subject; 8] = [
    SCORE,
    ours("bulk", "bulk"),
    ours("ingest", "signals"),
    ours("insight", "insight"),
    ours("keys", "keys"),
    ours("usage", "usage"),
    ours("shared-paths", "watchlist"),
    ours("docs-page", "docs-page"),
];

/// The two endpoints of bulk jobs, and the worker.
pub const BULK: [Subject; 2] = [ours("bulk", "bulk"), ours("bulk", "bulk-worker")];

/// A bare `lambda_http`.
pub const HELLO: Subject = Subject::Baseline("hello");

/// The same handler on the SDK's defaults.
pub const SDK_DEFAULTS: Subject = Subject::Baseline("sdk-defaults");

/// The peers.
pub const PEERS: [Subject; 2] = [
    Subject::Peer(Language::Python),
    Subject::Peer(Language::Node),
];

const fn ours(package: &'static str, binary: &'static str) -> Subject {
    Subject::Ours { package, binary }
}

impl Language {
    /// Its name in tables, and its folder in tests/bench/peers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
        }
    }
}

impl Subject {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours { binary, .. } => binary,
            Self::Baseline(name) => name,
            Self::Peer(language) => language.name(),
        }
    }

    /// What cargo builds it from, as workspace and package; none for what is not built by cargo. `root` is the repository.
    pub fn package(self, root: &Path) -> Option<(PathBuf, &'static str)> {
        match self {
            Self::Ours { package, .. } => Some((root.to_owned(), package)),
            Self::Baseline(name) => Some((root.join("tests/bench/peers/rust"), name)),
            Self::Peer(_) => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Ours { .. } => "function",
            Self::Baseline(_) => "baseline",
            Self::Peer(_) => "peer",
        };
        write!(out, "{kind} {}", self.name())
    }
}

impl Needs {
    /// Programs with dynoxide beside them.
    pub fn with_dynoxide(subjects: impl IntoIterator<Item = Subject>) -> Self {
        Self {
            subjects: subjects.into_iter().collect(),
            dynoxide: true,
            stack: false,
        }
    }

    /// Programs on a local stack.
    pub fn on_a_stack(subjects: impl IntoIterator<Item = Subject>) -> Self {
        Self {
            subjects: subjects.into_iter().collect(),
            dynoxide: false,
            stack: true,
        }
    }

    /// What all of these need together, each program once.
    pub fn union(all: impl IntoIterator<Item = Self>) -> Self {
        let mut union = Self::default();
        for needs in all {
            for subject in needs.subjects {
                if !union.subjects.contains(&subject) {
                    union.subjects.push(subject);
                }
            }
            union.dynoxide |= needs.dynoxide;
            union.stack |= needs.stack;
        }
        union
    }
}

/// A line each: `make bench` reads the lines `dynoxide` and `stack`.
impl fmt::Display for Needs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for subject in &self.subjects {
            writeln!(out, "{subject}")?;
        }
        for (name, needed) in [("dynoxide", self.dynoxide), ("stack", self.stack)] {
            if needed {
                writeln!(out, "{name}")?;
            }
        }
        Ok(())
    }
}
