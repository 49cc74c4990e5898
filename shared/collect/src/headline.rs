//! What a headline on a company's page says has happened to the company.
//!
//! A word alone says little: prices are raised, users are acquired, and a newspaper's headlines are about others. So a verb
//! counts only with the company, or `we`, as its subject, and only with what it takes for the kind as its object.

use intent::Kind;

use crate::company::Company;
use crate::words::{Word, is_amount, is_series, words};

/// First words of headlines that explain or ask, and report nothing.
const COMMENTS: [&str; 23] = [
    "are",
    "ask",
    "can",
    "could",
    "did",
    "do",
    "does",
    "guide",
    "how",
    "if",
    "is",
    "lessons",
    "should",
    "tips",
    "understanding",
    "what",
    "when",
    "where",
    "which",
    "who",
    "why",
    "will",
    "would",
];
/// Words between a subject and its verb.
const BETWEEN: [&str; 16] = [
    "also",
    "are",
    "finally",
    "has",
    "have",
    "inc",
    "just",
    "ltd",
    "now",
    "officially",
    "quietly",
    "re",
    "recently",
    "successfully",
    "today",
    "ve",
];
/// Words after a company's name that make another subject of it: “Acme customer Foo raises …”.
const OTHERS: [&str; 14] = [
    "alumni",
    "backed",
    "backer",
    "ceo",
    "client",
    "competitor",
    "customer",
    "customers",
    "founder",
    "investor",
    "partner",
    "rival",
    "user",
    "users",
];

const RAISES: [&str; 2] = ["raised", "raises"];
/// These raise money only with a word for it.
const SECURES: [&str; 14] = [
    "announces",
    "bags",
    "closed",
    "closes",
    "completes",
    "gets",
    "lands",
    "nabs",
    "receives",
    "received",
    "secured",
    "secures",
    "snags",
    "wins",
];
/// Words between such a verb and the amount or the round.
const BEFORE_AMOUNT: [&str; 26] = [
    "a",
    "about",
    "additional",
    "almost",
    "an",
    "another",
    "around",
    "first",
    "fresh",
    "further",
    "its",
    "massive",
    "more",
    "nearly",
    "new",
    "of",
    "our",
    "over",
    "oversubscribed",
    "record",
    "than",
    "the",
    "total",
    "up",
    "us",
    "usd",
];
const MONEY: [&str; 10] = [
    "capital",
    "debt",
    "equity",
    "financing",
    "funding",
    "investment",
    "round",
    "seed",
    "series",
    "venture",
];
/// What else is raised, for which an amount may be given.
const NOT_MONEY: [&str; 30] = [
    "bounty",
    "ceiling",
    "charities",
    "charity",
    "dividend",
    "donations",
    "estimate",
    "fee",
    "fees",
    "forecast",
    "fundraiser",
    "guidance",
    "hospital",
    "limit",
    "minimum",
    "nonprofit",
    "outlook",
    "price",
    "prices",
    "pricing",
    "rate",
    "rates",
    "relief",
    "reward",
    "target",
    "threshold",
    "victims",
    "wage",
    "wages",
    "salary",
];

const ACQUIRES: [&str; 4] = ["acquired", "acquires", "bought", "buys"];
/// What is acquired without a company behind it, or by whom.
const NOT_COMPANIES: [&str; 15] = [
    "by",
    "customers",
    "data",
    "first",
    "into",
    "its",
    "knowledge",
    "leads",
    "more",
    "new",
    "our",
    "over",
    "skills",
    "talent",
    "users",
];
const OPENS: [&str; 3] = ["opened", "opening", "opens"];
const PLACES: [&str; 9] = [
    "campus",
    "factory",
    "headquarters",
    "hq",
    "hub",
    "office",
    "offices",
    "plant",
    "store",
];
const EXPANDS: [&str; 3] = ["expanded", "expanding", "expands"];
const WHERE: [&str; 4] = ["across", "in", "into", "to"];

const APPOINTS: [&str; 6] = [
    "appointed",
    "appoints",
    "hired",
    "hires",
    "names",
    "promotes",
];
const OFFICES: [&str; 13] = [
    "ceo",
    "cfo",
    "chief",
    "chair",
    "chairman",
    "ciso",
    "cmo",
    "coo",
    "cpo",
    "cro",
    "cto",
    "president",
    "vp",
];

const LAUNCHES: [&str; 11] = [
    "introduced",
    "introduces",
    "launched",
    "launches",
    "launching",
    "released",
    "releases",
    "ships",
    "shipped",
    "unveiled",
    "unveils",
];
/// First words of an announcement, whose subject is left out.
const INTRODUCES: [&str; 4] = ["announcing", "introducing", "launching", "unveiling"];

const MIGRATES: [&str; 4] = ["migrated", "migrating", "switched", "switching"];

/// Returns what has happened to a company by a headline on one of its pages; none if the headline does not say so.
pub(crate) fn kind(headline: &str, company: &Company) -> Option<Kind> {
    let words = words(headline);
    let line = Line {
        words: &words,
        company,
    };
    if line.begins(&["show", "hn"]) || line.begins(&["launch", "hn"]) {
        return Some(Kind::Product);
    }
    let first = words.first().map_or("", |word| word.text.as_str());
    let is_comment = COMMENTS.contains(&first) || headline.trim_end().ends_with('?');
    let kinds = [
        (Kind::Funding, !is_comment && line.is_funding()),
        (Kind::Expansion, !is_comment && line.is_expansion()),
        (Kind::Leadership, !is_comment && line.is_leadership()),
        (Kind::Product, !is_comment && line.is_product()),
        // “Why we migrated to …” reports it as well.
        (Kind::Technology, line.is_migration()),
    ];
    kinds.into_iter().find(|(_, is)| *is).map(|(kind, _)| kind)
}

/// The words of a headline, and whose they are.
struct Line<'a> {
    words: &'a [Word],
    company: &'a Company,
}

impl Line<'_> {
    fn is_funding(&self) -> bool {
        let raised = self.verbs(&RAISES).any(|at| {
            let object = self.object(at, &BEFORE_AMOUNT);
            self.is_round(object) || (is_amount(self.from(object)) && !self.has(object, &NOT_MONEY))
        });
        let secured = self.verbs(&SECURES).any(|at| {
            let object = self.object(at, &BEFORE_AMOUNT);
            let is_money = is_amount(self.from(object)) && self.has(object, &MONEY);
            is_money || self.is_round(object)
        });
        let announced = self.is_announced() || self.is_ours();
        raised || secured || (announced && (0..self.words.len()).any(|at| self.is_round(at)))
    }

    fn is_expansion(&self) -> bool {
        let acquired = self.verbs(&ACQUIRES).any(|at| {
            let what = self.text(at + 1);
            let is_count = what.starts_with(|c: char| c.is_ascii_digit());
            !what.is_empty() && !is_count && !NOT_COMPANIES.contains(&what)
        });
        let opened = self.verbs(&OPENS).any(|at| self.has_soon(at, &PLACES));
        let expanded = self.verbs(&EXPANDS).any(|at| self.has_soon(at, &WHERE));
        let named = self.is_announced() || self.is_ours();
        let expansion = self
            .positions("expansion")
            .any(|at| self.has_soon(at, &WHERE));
        let acquisition = self
            .positions("acquisition")
            .any(|at| self.text(at + 1) == "of");
        let office = self
            .positions("office")
            .any(|at| at > 0 && self.text(at - 1) == "new");
        acquired || opened || expanded || (named && (expansion || acquisition || office))
    }

    fn is_leadership(&self) -> bool {
        let appointed = self.verbs(&APPOINTS).any(|at| self.has(at, &OFFICES));
        let joins = ["joins", "joined"]
            .into_iter()
            .flat_map(|verb| self.positions(verb));
        let joined = joins
            .into_iter()
            .any(|at| self.has_soon(at, &["as"]) && self.has(at, &OFFICES));
        let new = self
            .positions("new")
            .any(|at| OFFICES.contains(&self.text(at + 1)));
        let leaves = self
            .positions("steps")
            .any(|at| self.text(at + 1) == "down");
        appointed || (self.is_ours() && (joined || new || leaves))
    }

    fn is_product(&self) -> bool {
        let available = self
            .positions("available")
            .any(|at| at > 0 && ["now", "generally"].contains(&self.text(at - 1)));
        let release = self
            .positions("release")
            .any(|at| at == 0 || self.text(at - 1) != "press");
        let launched = self.verbs(&LAUNCHES).any(|at| at + 1 < self.words.len());
        self.is_announced() || launched || (self.is_ours() && (available || release))
    }

    fn is_migration(&self) -> bool {
        self.verbs(&MIGRATES).any(|at| self.has_soon(at, &["to"]))
    }

    fn text(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    fn from(&self, at: usize) -> &[Word] {
        self.words.get(at..).unwrap_or_default()
    }

    fn begins(&self, texts: &[&str]) -> bool {
        texts
            .iter()
            .enumerate()
            .all(|(at, text)| self.text(at) == *text)
    }

    /// Whether one of these words comes at or after this place.
    fn has(&self, at: usize, texts: &[&str]) -> bool {
        self.from(at)
            .iter()
            .any(|word| texts.contains(&word.text.as_str()))
    }

    /// Whether one of these words comes among the five after this place.
    fn has_soon(&self, at: usize, texts: &[&str]) -> bool {
        let soon = self.from(at + 1).iter().take(5);
        soon.into_iter()
            .any(|word| texts.contains(&word.text.as_str()))
    }

    fn positions<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let all = self.words.iter().enumerate();
        all.filter(move |(_, word)| word.text == text)
            .map(|(at, _)| at)
    }

    /// The places of these verbs that have the company as their subject.
    fn verbs<'a>(&'a self, texts: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
        let verbs = (0..self.words.len()).filter(|at| texts.contains(&self.text(*at)));
        verbs.filter(|at| self.is_subject_of(*at))
    }

    /// The place after a verb and after words that only lead to its object.
    fn object(&self, verb: usize, fillers: &[&str]) -> usize {
        let rest = self.from(verb + 1).iter();
        let skipped = rest.take_while(|word| fillers.contains(&word.text.as_str()));
        verb + 1 + skipped.count()
    }

    /// Whether a round of funding is named at this place.
    fn is_round(&self, at: usize) -> bool {
        let (first, second) = (self.text(at), self.text(at + 1));
        let is_seed = |at| {
            self.text(at) == "seed"
                && ["", "round", "funding", "financing"].contains(&self.text(at + 1))
        };
        is_series(self.from(at))
            || is_seed(at)
            || (first == "pre" && is_seed(at + 1))
            || (["funding", "financing", "investment"].contains(&first) && second == "round")
    }

    /// Whether the headline begins like an announcement.
    fn is_announced(&self) -> bool {
        INTRODUCES.contains(&self.text(0)) && self.words.len() > 1
    }

    /// Whether the company speaks of itself, or is named.
    fn is_ours(&self) -> bool {
        let we = ["we", "our"];
        let names = (1..=self.words.len()).any(|end| self.name_ends_at(end).is_some());
        names
            || self
                .words
                .iter()
                .any(|word| we.contains(&word.text.as_str()))
    }

    /// Whether the company, or `we`, is the subject of the verb at this place: right before it, but for an adverb, an insertion
    /// between commas, or the second word of a name that begins the headline.
    fn is_subject_of(&self, verb: usize) -> bool {
        let mut end = verb;
        while end > 0 && BETWEEN.contains(&self.text(end - 1)) {
            end -= 1;
        }
        if end == 0 {
            return false;
        }
        if ["we", "i"].contains(&self.text(end - 1)) || self.name_ends_at(end).is_some() {
            return true;
        }
        let is_longer_name = self.name_ends_at(end - 1) == Some(0)
            && self
                .words
                .get(end - 1)
                .is_some_and(|word| word.is_capital && word.is_joined)
            && !OTHERS.contains(&self.text(end - 1));
        let is_break = |at: usize| self.words.get(at).is_some_and(|word| !word.is_joined);
        let is_insertion =
            is_break(verb) && (1..verb).any(|at| is_break(at) && self.name_ends_at(at) == Some(0));
        is_longer_name || is_insertion
    }

    /// Where the company's name begins, if it ends before this place.
    fn name_ends_at(&self, end: usize) -> Option<usize> {
        (end.saturating_sub(4)..end).rev().find(|start| {
            let words = self.words.get(*start..end).unwrap_or_default();
            let name: String = words.iter().map(|word| word.text.as_str()).collect();
            self.company.is_called(&name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Domain;

    #[track_caller]
    fn check(domain: &str, kind_: Option<Kind>, headlines: &[&str]) {
        let company = Company::of(&Domain::parse(domain).unwrap());
        for headline in headlines {
            assert_eq!(kind(headline, &company), kind_, "{headline}");
        }
    }

    #[test]
    fn what_happened_to_the_company_is_told() {
        check(
            "acme.com",
            Some(Kind::Funding),
            &[
                "Acme raises $20M",
                "Acme raises $20 million to build rockets",
                "Acme has raised over €1.5bn in debt financing",
                "We raised a $4M seed round",
                "We've raised £12m",
                "Acme, the rocket maker, raises $20M",
                "Fintech startup Acme raises another $100,000,000",
                "Acme Robotics raises US$20M Series B",
                "Acme secures $5M in funding",
                "Acme closes $30M Series C",
                "Acme raises Series A",
                "Announcing our Series B",
                "Announcing our $20M Series A led by Foo",
                "Our seed round",
                "Acme announces new funding round",
            ],
        );
        check(
            "hugging-face.co",
            Some(Kind::Funding),
            &["Hugging Face raises $20M"],
        );
        check(
            "acme.com",
            Some(Kind::Expansion),
            &[
                "Acme opens office in Berlin",
                "Acme acquires Foo",
                "Acme expands to Europe",
                "Our new office in Oslo",
                "Announcing our acquisition of Foo",
                "We're opening an office in Paris",
            ],
        );
        check(
            "acme.com",
            Some(Kind::Leadership),
            &[
                "Acme appoints a CFO",
                "Jane Doe joins Acme as CTO",
                "Welcome to our new CEO",
                "Acme CEO steps down",
            ],
        );
        check(
            "acme.com",
            Some(Kind::Product),
            &[
                "Show HN: Acme, a thing",
                "Launch HN: Acme (YC W26)",
                "Introducing: Acme 2",
                "Introducing Rockets",
                "Acme launches Rockets",
                "Acme 2.0 is now available",
                "Acme 2.0 release",
            ],
        );
        check(
            "acme.com",
            Some(Kind::Technology),
            &["Why we migrated to Rust", "Acme switched to Postgres"],
        );
    }

    #[test]
    fn other_things_that_are_raised_are_no_funding() {
        check(
            "acme.com",
            None,
            &[
                "Study raises concerns",
                "Study of Acme raises concerns",
                "Why Acme raised its prices",
                "Acme raises prices",
                "Acme raises its prices by $5",
                "Acme raises price target to $20M",
                "Acme raises revenue guidance to $2 billion",
                "Acme raises guidance",
                "Acme raises awareness",
                "Acme raises the bar for rockets",
                "Acme raised eyebrows",
                "Acme raises $20M for charity",
                "Acme raises minimum wage to $25",
                "Acme raises questions about funding",
                "Acme raises 3 chickens",
                "Acme raises a family",
                "Acme closes 20 stores",
                "Acme closes $20M deal",
                "Acme gets $20M fine",
                "Should Acme raise a Series A?",
                "Acme raises $20M?",
                "How to raise a Series A",
                "How we think about funding",
                "The funding winter",
                "Funding open source",
                "Our new series: A look at rockets",
                "A short story series a day",
                "Seed oils and our health",
                "Acme never raised $20M",
            ],
        );
    }

    #[test]
    fn what_happened_to_others_is_not_the_company_s() {
        check(
            "techcrunch.com",
            None,
            &[
                "Acme raises $20M",
                "Acme raises $20M Series B led by Foo",
                "Acme acquires Foo",
                "Acme appoints a CFO",
                "Acme CEO steps down",
                "Acme launches Rockets",
                "Ubuntu 26.04 is now available",
                "US Steel has a new CEO",
                "Jane Doe joins Acme as CTO",
            ],
        );
        check(
            "acme.com",
            None,
            &[
                "Acme customer Foo raises $20M",
                "Acme Customer Raises $20M",
                "Foo, an Acme customer, raises $20M",
                "We asked Foo why it raised $20M",
                "Acmesteel raises $20M",
                "Foo acquires Acme",
                "Acme acquired by Foo",
                "Acme: Foo raises $20M",
            ],
        );
    }

    #[test]
    fn words_of_other_meanings_say_nothing() {
        check(
            "acme.com",
            None,
            &[
                "How Acme acquired its first 100 customers",
                "Acme acquired 1,000 users",
                "Customer acquisition for our founders",
                "Texas expands Medicaid",
                "Acme expands",
                "Press release",
                "Our press release",
                "We are moving to a four-day week",
                "How relaunched pages appraised",
                "Why we raised a $20M Series A",
                "What we learned when we raised our Series A",
                "How Acme acquired Foo",
                "How Acme launched Rockets",
                "If Acme appoints a CFO",
                "Acme launches Rockets?",
                "How to hire a new CTO",
                "",
                "?",
                "Acme",
                "raises $20M",
            ],
        );
    }
}
