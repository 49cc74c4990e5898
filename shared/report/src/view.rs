//! All that the template shows, in the words and digits in which it shows it. The template decides where, and how it looks.

use liquidity::{
    Anomaly, Category, Component, Fact, METHODOLOGY_VERSION, Score, Tier, Trajectory, methodology,
};
use serde::Serialize;
use types::{Date, Points, Timestamp, date_of, midnight};

use crate::chart::Chart;
use crate::peers::{self, Peers};
use crate::text::Fitter;
use crate::{HistoryPoint, Protocol, ReportData, SourceNote, numbers};

/// Characters of a name, where it has the page's width.
const NAME: usize = 200;
/// Characters of a name in the header of pages.
const SHORT_NAME: usize = 48;
/// Characters of a fact on the first page.
const FACT: usize = 60;
/// Characters of a fact that is a word or two as a rule.
const SHORT_FACT: usize = 40;
/// Characters of a sentence that the data bring.
const SENTENCE: usize = 160;
/// Characters of a source.
const SOURCE: usize = 100;
/// Chains that are named; the others are counted.
const CHAINS: usize = 6;
/// Facts that are listed as not known: more than there are.
const MISSING: usize = 20;

/// The content of `data.json`.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct View {
    name: String,
    short_name: String,
    slug: String,
    /// For the foot of pages.
    short_slug: String,
    category: &'static str,
    date: String,
    scored: String,
    score: Option<u8>,
    tier: Option<&'static str>,
    tier_meaning: &'static str,
    bounds: Range,
    confidence: Option<String>,
    facts: Vec<Entry>,
    components: Vec<ComponentRow>,
    penalties: Vec<PenaltyRow>,
    /// The sum of the contributions, if there is a score.
    contribution_total: Option<String>,
    penalty_total: String,
    period: String,
    trend: &'static str,
    scores: Chart,
    aum: Chart,
    peers: Peers,
    missing: Vec<MissingRow>,
    methodology: MethodologyView,
    sources: Vec<SourceRow>,
    pause: Option<PauseView>,
    has_substituted: bool,
}

/// The least and the most points that the score could have.
#[derive(Debug, PartialEq, Serialize)]
struct Range {
    low: u8,
    high: u8,
}

/// A fact by its name; without a value it is not known.
#[derive(Debug, PartialEq, Serialize)]
struct Entry {
    name: &'static str,
    value: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct ComponentRow {
    name: &'static str,
    what: &'static str,
    points: Option<u8>,
    weight: Option<String>,
    contribution: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct PenaltyRow {
    name: &'static str,
    what: &'static str,
    /// None if it could not be checked.
    points: Option<String>,
    is_subtracted: bool,
}

#[derive(Debug, PartialEq, Serialize)]
struct MissingRow {
    name: &'static str,
    of: &'static str,
    needed: String,
    gain: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct MethodologyView {
    version: String,
    /// Empty if the score is of other formulas than those of this build.
    functions: Vec<FunctionRow>,
    has_own_weights: bool,
    jurisdictions_as_of: &'static str,
}

#[derive(Debug, PartialEq, Serialize)]
struct FunctionRow {
    name: &'static str,
    weight: Option<String>,
    formula: &'static str,
    source: &'static str,
}

#[derive(Debug, PartialEq, Serialize)]
struct SourceRow {
    what: String,
    source: String,
    as_of: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct PauseView {
    reason: &'static str,
    since: String,
    age: String,
}

impl View {
    pub(crate) fn of(data: &ReportData) -> Self {
        let fitter = Fitter::default();
        let today = date_of(data.generated_at);
        let (score, slug) = (&data.score, data.protocol.slug.as_str());
        let name = |max| peers::name(&data.protocol.name, slug, max, &fitter);
        let sources = data.sources.iter().take(ReportData::SOURCES);
        let points = score.score.map(|score| score.min(100));
        Self {
            name: name(NAME),
            short_name: name(SHORT_NAME),
            slug: fitter.fit(slug, NAME),
            short_slug: fitter.fit(slug, SHORT_NAME),
            category: category(data.protocol.category),
            date: numbers::date(today),
            scored: numbers::time(data.scored_at),
            score: points,
            tier: points.map(|points| Tier::of(points).as_str()),
            tier_meaning: tier_meaning(points),
            bounds: Range {
                low: score.bounds.low.min(100),
                high: score.bounds.high.min(100),
            },
            confidence: numbers::share(score.data_confidence, 0),
            facts: facts(&data.protocol, &fitter),
            components: Component::ALL.map(|of| component_row(of, score)).into(),
            penalties: penalty_rows(score).into(),
            contribution_total: sum(score.contributions.iter().map(|row| row.contribution)),
            penalty_total: sum(penalties(score)).unwrap_or_default(),
            period: period(today),
            trend: trend(&data.history, data.generated_at),
            scores: Chart::of_scores(&data.history, today),
            aum: Chart::of_aum(&data.history, today),
            peers: Peers::of(data, &fitter),
            missing: missing(score, &fitter),
            methodology: methodology_view(score, &fitter),
            sources: sources.map(|note| source(note, &fitter)).collect(),
            pause: data.pause.as_ref().map(|pause| PauseView {
                reason: anomaly(pause.reason),
                since: numbers::time(pause.since),
                age: numbers::age(data.scored_at, data.generated_at),
            }),
            has_substituted: fitter.has_substituted(),
        }
    }
}

fn facts(protocol: &Protocol, fitter: &Fitter) -> Vec<Entry> {
    let text = |text: &Option<String>, max| {
        let text = text.as_deref().map(|text| fitter.fit(text, max));
        text.filter(|text| !text.is_empty())
    };
    let frequency =
        text(&protocol.redemption_frequency, SHORT_FACT).map(|text| sentence_case(&text));
    let entry = |name, value| Entry { name, value };
    vec![
        entry(
            "Assets under management",
            protocol.aum_usd.and_then(numbers::usd),
        ),
        entry(
            "Yield a year",
            protocol
                .yield_pct
                .and_then(|yield_pct| numbers::percent(yield_pct, 2)),
        ),
        entry("Redemption", frequency),
        entry("Holders", protocol.holder_count.map(numbers::count)),
        entry("Issuer", text(&protocol.issuer, FACT)),
        entry("Jurisdiction", text(&protocol.jurisdiction, SHORT_FACT)),
        entry("Chains", chains(&protocol.blockchains, fitter)),
    ]
}

/// `on_demand` as `On demand`.
fn sentence_case(text: &str) -> String {
    let is_word = text.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if is_word => format!(
            "{}{}",
            first.to_ascii_uppercase(),
            chars.as_str().replace('_', " ")
        ),
        _ => text.to_owned(),
    }
}

fn chains(chains: &[String], fitter: &Fitter) -> Option<String> {
    const CHAIN: usize = 24;
    let named = chains
        .iter()
        .take(CHAINS)
        .map(|chain| fitter.fit(chain, CHAIN));
    let named: Vec<String> = named.filter(|chain| !chain.is_empty()).collect();
    let others = chains.len().saturating_sub(CHAINS);
    let named = named.join(", ");
    match others {
        _ if named.is_empty() => None,
        0 => Some(named),
        others => Some(format!("{named} and {others} more")),
    }
}

fn component_row(of: Component, score: &Score) -> ComponentRow {
    let contribution = score.contributions.iter().find(|row| row.component == of);
    ComponentRow {
        name: component(of),
        what: match of {
            Component::Aum => "how much there is",
            Component::Redemption => "how soon the issuer pays back",
            Component::SecondaryVolume => "how much changes hands without the issuer",
            Component::Issuer => "who stands behind it",
            Component::Jurisdiction => "under whose law",
        },
        points: score.component(of).map(|points| points.min(100)),
        weight: contribution.and_then(|row| numbers::share(row.weight, 1)),
        contribution: contribution.map(|row| points_of(row.contribution)),
    }
}

const fn penalties(score: &Score) -> [Points; 4] {
    let penalties = &score.penalties;
    [
        penalties.nav_divergence_penalty,
        penalties.sybil_penalty,
        penalties.staleness_penalty,
        penalties.wash_trade_penalty,
    ]
}

fn penalty_rows(score: &Score) -> [PenaltyRow; 4] {
    let [nav, sybil, staleness, wash] = penalties(score);
    let row = |name, what, points: Points, check: Option<Fact>| {
        let is_subtracted = points > Points::default();
        let is_missing = |check| score.missing.iter().any(|missing| missing.fact == check);
        let is_checked = is_subtracted || !check.is_some_and(is_missing);
        PenaltyRow {
            name,
            what,
            points: is_checked.then(|| points_of(points)),
            is_subtracted,
        }
    };
    [
        row(
            "NAV divergence",
            "market price away from net asset value",
            nav,
            Some(Fact::NavDivergence),
        ),
        row(
            "Sybil",
            "active addresses that seem to be one party",
            sybil,
            Some(Fact::LinkedAddresses),
        ),
        row(
            "Staleness",
            "data older than their source promises",
            staleness,
            None,
        ),
        row(
            "Wash trade",
            "volume that a party trades with itself",
            wash,
            Some(Fact::WashTrades),
        ),
    ]
}

/// With one decimal; at most 100, as no part of a score is more.
fn points_of(points: Points) -> String {
    points.min(Points::from_tenths(1_000)).to_string()
}

/// None of nothing.
fn sum(parts: impl IntoIterator<Item = Points>) -> Option<String> {
    // Not in `Points`: what was stored may be more than a score can consist of.
    let tenths = parts.into_iter().map(|part| u64::from(part.tenths()));
    let sum = tenths.reduce(|a, b| a + b)?;
    Some(format!("{}.{}", sum / 10, sum % 10))
}

fn period(today: Date) -> String {
    let day = i64::from(ReportData::DAYS) - 1;
    let first = Timestamp::from_second(midnight(today).as_second() - 86_400 * day);
    let first = first.map_or(today, date_of);
    format!("{} to {}", numbers::date(first), numbers::date(today))
}

/// Of the days that the chart shows.
fn trend(history: &[HistoryPoint], now: Timestamp) -> &'static str {
    let today = date_of(now);
    let is_shown = |point: &&HistoryPoint| {
        let age = midnight(today)
            .duration_since(midnight(point.day))
            .as_hours()
            / 24;
        point.day <= today && age < i64::from(ReportData::DAYS)
    };
    let scores = history.iter().filter(is_shown);
    match Trajectory::of(scores.filter_map(|point| Some((midnight(point.day), point.score?)))) {
        Some(Trajectory::Improving) => "Improving",
        Some(Trajectory::Stable) => "Stable",
        Some(Trajectory::Declining) => "Declining",
        None => "No trend yet",
    }
}

fn missing(score: &Score, fitter: &Fitter) -> Vec<MissingRow> {
    let rows = score.missing.iter().take(MISSING);
    rows.map(|missing| MissingRow {
        name: fact(missing.fact),
        of: missing.fact.component().map_or("Check", component),
        needed: fitter.fit(&missing.needed, SENTENCE),
        gain: numbers::share(missing.data_confidence_gain, 1),
    })
    .collect()
}

fn methodology_view(score: &Score, fitter: &Fitter) -> MethodologyView {
    const VERSION: usize = 40;
    let version = &score.methodology_version;
    let standard = version == METHODOLOGY_VERSION;
    let has_own_weights = version.strip_prefix(METHODOLOGY_VERSION) == Some("+profile");
    let methodology = methodology();
    let weights = methodology.weights;
    let functions = methodology.functions.map(|function| FunctionRow {
        name: component(function.component),
        weight: standard
            .then(|| numbers::share(*weights.get(function.component), 0))
            .flatten(),
        formula: function.formula,
        source: function.source,
    });
    MethodologyView {
        version: fitter.fit(version, VERSION),
        functions: if standard || has_own_weights {
            functions.into()
        } else {
            Vec::new()
        },
        has_own_weights,
        jurisdictions_as_of: methodology.jurisdictions_as_of,
    }
}

fn source(note: &SourceNote, fitter: &Fitter) -> SourceRow {
    SourceRow {
        what: fitter.fit(&note.what, SHORT_FACT),
        source: fitter.fit(&note.source, SOURCE),
        as_of: note.as_of.map(numbers::date),
    }
}

const fn category(of: Category) -> &'static str {
    match of {
        Category::Treasury => "Treasury",
        Category::PrivateCredit => "Private credit",
        Category::RealEstate => "Real estate",
        Category::Commodity => "Commodity",
        Category::Infrastructure => "Infrastructure",
    }
}

const fn component(of: Component) -> &'static str {
    match of {
        Component::Aum => "AUM",
        Component::Redemption => "Redemption",
        Component::SecondaryVolume => "Secondary volume",
        Component::Issuer => "Issuer",
        Component::Jurisdiction => "Jurisdiction",
    }
}

fn tier_meaning(score: Option<u8>) -> &'static str {
    match score.map(Tier::of) {
        Some(Tier::L1) => "75 points and more",
        Some(Tier::L2) => "50 to 74 points",
        Some(Tier::L3) => "25 to 49 points",
        Some(Tier::Illiquid) => "below 25 points",
        None => "Components of less than half of the weight are known, so there is no score.",
    }
}

const fn fact(of: Fact) -> &'static str {
    match of {
        Fact::Aum => "Assets under management",
        Fact::RedemptionFrequency => "Frequency of redemption",
        Fact::RedemptionNotice => "Notice and payment",
        Fact::RedemptionObserved => "Observed redemptions",
        Fact::Turnover => "Turnover",
        Fact::ActiveAddresses => "Active addresses",
        Fact::HolderConcentration => "Concentration of holders",
        Fact::Supervision => "Supervision",
        Fact::OperatingYears => "Years of business",
        Fact::Attestation => "Attestation",
        Fact::BankruptcyRemote => "Assets kept apart",
        Fact::Jurisdiction => "Domicile",
        Fact::NavDivergence => "NAV and market price",
        Fact::LinkedAddresses => "Linked addresses",
        Fact::WashTrades => "Wash trades",
    }
}

const fn anomaly(of: Anomaly) -> &'static str {
    match of {
        Anomaly::DropToZero => "AUM was reported as 0 after readings above it",
        Anomaly::Drop => "AUM was reported far below the last good reading",
        Anomaly::Spike => "AUM was reported far above the last good reading",
        Anomaly::Gap => {
            "there was no reading of AUM for three times the period that its source promises"
        }
        Anomaly::Invalid => "AUM was reported as a number that it cannot have",
    }
}
