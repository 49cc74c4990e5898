use liquidity::{Advance, Category, Monitor, Statement};
use serde::{Deserialize, Serialize};
use types::{ProtocolSlug, Timestamp};

/// A protocol: what is said of it, and what its score is made of. What no source states is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// What it makes tradable.
    pub category: Category,
    /// Who issues it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The chains that its tokens are on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blockchains: Vec<String>,
    /// Percent a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yield_pct: Option<f64>,
    /// How many addresses hold its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_count: Option<u64>,
    /// What DefiLlama calls it, if that is not its slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defillama: Option<String>,
    /// Where the last description is from.
    pub source: String,
    /// The moment that the description is of.
    pub described_at: Timestamp,
    /// When its history begins.
    pub since: Timestamp,
    /// Its facts, scores and circuit breaker.
    pub monitor: Monitor,
    /// How often it has been written; each write is on the condition that there was none in between.
    pub version: u64,
}

/// What a source says of a protocol: of each value that it does not state, what is known stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// Its full name; required of a new one.
    pub name: Option<String>,
    /// What it makes tradable; required of a new one.
    pub category: Option<Category>,
    /// Who issues it.
    pub issuer: Option<String>,
    /// The chains that its tokens are on.
    pub blockchains: Option<Vec<String>>,
    /// Percent a year.
    pub yield_pct: Option<f64>,
    /// How many addresses hold its tokens.
    pub holder_count: Option<u64>,
    /// What DefiLlama calls it.
    pub defillama: Option<String>,
    /// Where this is from.
    pub source: Option<String>,
}

/// What a source states of a protocol as of one moment: in words, and what is scored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// The words.
    pub description: Description,
    /// What is scored, and the moment.
    pub statement: Statement,
}

impl Protocol {
    /// A new one, of which these say name and category first. None if none of them does.
    pub(crate) fn new(slug: &ProtocolSlug, stated: &[Stated]) -> Option<Self> {
        let first = |of: fn(&Description) -> bool| stated.iter().find(|one| of(&one.description));
        let name = first(|of| of.name.is_some())?.description.name.clone()?;
        let category = first(|of| of.category.is_some())?.description.category?;
        let since = stated.iter().map(|one| one.statement.at).min()?;
        Some(Self {
            slug: slug.clone(),
            name,
            category,
            issuer: None,
            blockchains: Vec::new(),
            yield_pct: None,
            holder_count: None,
            defillama: None,
            source: String::new(),
            described_at: since,
            since,
            monitor: Monitor::default(),
            version: 0,
        })
    }

    /// Takes in what sources say, in any order, and scores up to `now`. Returns the steps, and whether anything is as it was not.
    pub(crate) fn take(&mut self, mut stated: Vec<Stated>, now: Timestamp) -> (Vec<Advance>, bool) {
        stated.retain(|one| one.statement.at <= now);
        stated.sort_by_key(|one| one.statement.at);
        let before = self.clone();
        let mut statements = Vec::new();
        for Stated {
            description,
            statement,
        } in stated
        {
            self.describe(description, statement.at);
            statements.push(statement);
        }
        let advances = self.monitor.run(statements, now);
        let is_new = *self != before;
        (advances, is_new)
    }

    /// Takes in words, unless newer ones are known.
    fn describe(&mut self, of: Description, at: Timestamp) {
        if of == Description::default() || at < self.described_at {
            return;
        }
        self.described_at = at;
        set(&mut self.name, of.name);
        set(&mut self.category, of.category);
        set(&mut self.blockchains, of.blockchains);
        set(&mut self.source, of.source);
        self.issuer = of.issuer.or_else(|| self.issuer.take());
        self.yield_pct = of.yield_pct.or(self.yield_pct);
        self.holder_count = of.holder_count.or(self.holder_count);
        self.defillama = of.defillama.or_else(|| self.defillama.take());
    }

    /// The newest date of what is known.
    pub fn last_updated(&self) -> Timestamp {
        let newest = self.monitor.newest();
        newest.map_or(self.described_at, |newest| newest.max(self.described_at))
    }
}

fn set<T>(known: &mut T, stated: Option<T>) {
    if let Some(stated) = stated {
        *known = stated;
    }
}
