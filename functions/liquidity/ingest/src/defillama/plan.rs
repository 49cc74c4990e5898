use std::collections::{BTreeMap, BTreeSet};

use liquidity::{Cadence, Facts, Statement};
use liquidity_store::{Description, MAX_PROTOCOLS, Protocol, Stated};
use types::{ProtocolSlug, Timestamp};

use super::list::{List, Listed};

/// The `source` of what is recorded.
const SOURCE: &str = "DefiLlama";
/// US dollars from which on a protocol that is not known is created.
const LEAST_USD: f64 = 1e6;
/// The most protocols that a run creates: each has a history to fetch.
pub(super) const MOST_NEW: usize = 10;

/// What a run is to record.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What is stated of protocols that are known.
    pub(super) known: Vec<(ProtocolSlug, Stated)>,
    /// What is stated of protocols to create, with DefiLlama's slug: at most [`MOST_NEW`].
    pub(super) new: Vec<(ProtocolSlug, String, Stated)>,
    /// Protocols that a later run creates.
    pub(super) left: usize,
    /// Protocols for which there is no room.
    pub(super) full: usize,
    /// Protocols whose name or category cannot be told, or whose slug is not one of ours or is taken.
    pub(super) unclear: usize,
}

/// What the documents say, of the moment `at`. A document that has not changed is empty.
pub(super) struct Documents<'a> {
    pub(super) list: &'a List,
    pub(super) yields: &'a BTreeMap<String, f64>,
    pub(super) at: Timestamp,
}

impl Documents<'_> {
    /// Who is who, and what is to be recorded. `begun` are the protocols whose creation did not end.
    pub(super) fn plan(&self, protocols: &[Protocol], begun: &[ProtocolSlug]) -> Plan {
        let names = Names::of(protocols);
        let begun: BTreeSet<&ProtocolSlug> = begun.iter().collect();
        let mut plan = Plan::default();
        let mut new = Vec::new();
        for (foreign, listed) in &self.list.entries {
            match names.find(foreign, listed) {
                Found::Known(slug) if begun.contains(slug) => {
                    new.push((false, listed.tvl, slug.clone(), foreign));
                }
                Found::Known(slug) => {
                    plan.known
                        .push((slug.clone(), self.state(foreign, Some(listed), false)));
                }
                Found::New(slug) => new.push((true, listed.tvl, slug, foreign)),
                Found::Unclear => plan.unclear += 1,
                Found::Other => {}
            }
        }
        self.add_yields_alone(&names, &mut plan);
        // Those that were begun, then the largest; the slug makes it the same order each time.
        new.sort_by(
            |(is_new, tvl, slug, _), (other_is_new, other_tvl, other, _)| {
                let largest = other_tvl.unwrap_or(0.0).total_cmp(&tvl.unwrap_or(0.0));
                is_new
                    .cmp(other_is_new)
                    .then(largest)
                    .then_with(|| slug.cmp(other))
            },
        );
        let mut room = usize::try_from(MAX_PROTOCOLS)
            .unwrap_or(usize::MAX)
            .saturating_sub(protocols.len());
        for (is_new, _, slug, foreign) in new {
            if is_new && room == 0 {
                plan.full += 1;
            } else if plan.new.len() == MOST_NEW {
                plan.left += 1;
            } else {
                room -= usize::from(is_new);
                let listed = self.list.entries.get(foreign);
                plan.new
                    .push((slug, foreign.clone(), self.state(foreign, listed, true)));
            }
        }
        plan
    }

    /// What the yields say of known protocols if the list has not changed.
    fn add_yields_alone(&self, names: &Names<'_>, plan: &mut Plan) {
        if !self.list.entries.is_empty() {
            return;
        }
        for foreign in self.yields.keys() {
            let asset = Listed {
                is_asset: true,
                ..Listed::default()
            };
            if let Found::Known(slug) = names.find(foreign, &asset) {
                plan.known
                    .push((slug.clone(), self.state(foreign, None, false)));
            }
        }
    }

    fn state(&self, foreign: &str, listed: Option<&Listed>, with_words: bool) -> Stated {
        let words = listed.filter(|_| with_words);
        let chains = listed.map(|listed| listed.chains.clone());
        let description = Description {
            name: words.and_then(|listed| listed.name.clone()),
            category: words.and_then(|listed| listed.category),
            blockchains: chains.filter(|chains| !chains.is_empty()),
            yield_pct: self.yields.get(foreign).copied(),
            source: Some(SOURCE.to_owned()),
            ..Description::default()
        };
        Stated {
            description,
            statement: aum(self.at, listed.and_then(|listed| listed.tvl)),
        }
    }
}

/// A statement of AUM alone.
pub(super) fn aum(at: Timestamp, usd: Option<f64>) -> Statement {
    Statement {
        at,
        cadence: Some(Cadence::Daily),
        facts: Facts {
            aum_usd: usd,
            ..Facts::default()
        },
        status: None,
    }
}

/// Which protocol is which of DefiLlama's.
struct Names<'a> {
    /// By the slug of DefiLlama that the operator has stated.
    stated: BTreeMap<&'a str, &'a ProtocolSlug>,
    /// By their own slug, where no other is stated.
    own: BTreeSet<&'a ProtocolSlug>,
    taken: BTreeSet<&'a ProtocolSlug>,
}

enum Found<'a> {
    Known(&'a ProtocolSlug),
    New(ProtocolSlug),
    Unclear,
    /// No asset, or too small.
    Other,
}

impl<'a> Names<'a> {
    fn of(protocols: &'a [Protocol]) -> Self {
        let mut stated = BTreeMap::new();
        let mut own = BTreeSet::new();
        for protocol in protocols {
            match &protocol.defillama {
                Some(foreign) => {
                    stated.entry(foreign.as_str()).or_insert(&protocol.slug);
                }
                None => {
                    own.insert(&protocol.slug);
                }
            }
        }
        let taken = protocols.iter().map(|protocol| &protocol.slug).collect();
        Self { stated, own, taken }
    }

    fn find(&self, foreign: &str, listed: &Listed) -> Found<'a> {
        if let Some(slug) = self.stated.get(foreign) {
            return Found::Known(slug);
        }
        if !listed.is_asset {
            return Found::Other;
        }
        let slug = foreign.parse::<ProtocolSlug>();
        if let Ok(slug) = &slug
            && let Some(known) = self.own.get(slug)
        {
            return Found::Known(known);
        }
        if listed.tvl.is_none_or(|usd| usd < LEAST_USD) {
            return Found::Other;
        }
        match slug {
            Ok(slug)
                if !self.taken.contains(&slug)
                    && listed.name.is_some()
                    && listed.category.is_some() =>
            {
                Found::New(slug)
            }
            Ok(_) | Err(_) => Found::Unclear,
        }
    }
}
