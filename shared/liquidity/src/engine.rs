use types::{Points, Timestamp, largest_remainder};

use crate::assessment::Assessment;
use crate::missing::{CHECK_PART, COMPONENTS_PART};
use crate::number::{rounded, whole};
use crate::penalty::{self, PerPenalty};
use crate::{
    Bounds, Component, Contribution, Fact, Facts, METHODOLOGY_VERSION, Missing, Observed,
    Penalties, PerComponent, Score, ScoringProfile, Tier, Weights,
};

/// The least weight of known components with which there is a score.
const MIN_KNOWN_WEIGHT: f64 = 0.5;
/// How much facts of unknown age count for confidence.
const UNDATED: f64 = 0.5;

/// The score of a protocol at `now` by the standard methodology. Facts observed after `now` are ignored.
pub fn score(facts: &Facts, now: Timestamp) -> Score {
    let version = METHODOLOGY_VERSION.to_owned();
    of(&ScoringProfile::standard(), facts, now, version)
}

/// The same with a customer's weights and caps. The version marks it as not the standard score.
pub fn score_with(profile: &ScoringProfile, facts: &Facts, now: Timestamp) -> Score {
    of(
        profile,
        facts,
        now,
        format!("{METHODOLOGY_VERSION}+profile"),
    )
}

fn of(profile: &ScoringProfile, facts: &Facts, now: Timestamp, version: String) -> Score {
    let weights = profile.normalised();
    let assessed = PerComponent::new(|component| Assessment::of(component, facts, now));
    let raw = penalty::raw(facts, now);
    let sum = Sum::of(&weights, &assessed);

    let base = sum.points();
    let penalties = penalty::effective(&raw, profile.penalty_caps(), base);
    let total: f64 = penalties.all().iter().sum();
    let score = (sum.known >= MIN_KNOWN_WEIGHT - 1e-9).then(|| whole(base - total));
    let shown = tenths(&penalties, total);
    // Whatever the components are, this much is subtracted as long as there is as much.
    let most = penalty::effective(&raw, profile.penalty_caps(), 100.0);
    let most: f64 = most.all().iter().sum();
    let missing = missing(&weights, &assessed, &raw);
    Score {
        score,
        tier: score.map(Tier::of),
        aum_score: assessed.aum.score,
        redemption_score: assessed.redemption.score,
        secondary_volume_score: assessed.secondary_volume.score,
        issuer_score: assessed.issuer.score,
        jurisdiction_score: assessed.jurisdiction.score,
        data_confidence: confidence(&weights, &assessed, &raw, facts, now),
        bounds: Bounds {
            low: whole(sum.weighted - most),
            high: whole(sum.weighted + 100.0 * (1.0 - sum.known) - most),
        },
        contributions: score.map_or_else(Vec::new, |score| {
            contributions(
                &weights,
                &assessed,
                &sum,
                10 * u16::from(score) + shown.total().tenths(),
            )
        }),
        penalties: shown,
        missing,
        methodology_version: version,
    }
}

/// The weighted sum of the components that are known.
#[derive(Clone, Copy, Debug)]
struct Sum {
    /// Σ weight · points, 0 to 100.
    weighted: f64,
    /// Σ weight, 0 to 1.
    known: f64,
}

impl Sum {
    fn of(weights: &Weights, assessed: &PerComponent<Assessment>) -> Self {
        let (mut weighted, mut known) = (0.0, 0.0);
        for component in Component::ALL {
            if let Some(points) = assessed.get(component).score {
                weighted += weights.get(component) * f64::from(points);
                known += weights.get(component);
            }
        }
        Self { weighted, known }
    }

    /// The points before penalties, 0 to 100: the mean of the known components by weight.
    fn points(self) -> f64 {
        if self.known > 0.0 {
            (self.weighted / self.known).min(100.0)
        } else {
            0.0
        }
    }
}

/// The penalties in tenths, which add up to `total` rounded to tenths.
fn tenths(penalties: &PerPenalty<f64>, total: f64) -> Penalties {
    let exact = penalties.map(|points| points * 10.0).all();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "penalties are from 0 to 100 points"
    )]
    let whole = largest_remainder(&exact, (total * 10.0).round() as u16);
    let mut whole = whole.into_iter().map(Points::from_tenths);
    let mut next = || whole.next().unwrap_or_default();
    Penalties {
        nav_divergence_penalty: next(),
        sybil_penalty: next(),
        staleness_penalty: next(),
        wash_trade_penalty: next(),
    }
}

/// What each known component adds, in tenths that add up to `gross`: the score with what was subtracted from it.
fn contributions(
    weights: &Weights,
    assessed: &PerComponent<Assessment>,
    sum: &Sum,
    gross: u16,
) -> Vec<Contribution> {
    let known = || {
        let all = Component::ALL.into_iter();
        all.filter_map(|of| Some((of, assessed.get(of).score?, *weights.get(of))))
    };
    // Off by the rounding of the score only.
    let scale = if sum.weighted > 0.0 {
        f64::from(gross) / sum.weighted
    } else {
        0.0
    };
    let exact: Vec<f64> = known()
        .map(|(_, points, weight)| weight * f64::from(points) * scale)
        .collect();
    let whole = largest_remainder(&exact, gross);
    known()
        .zip(whole)
        .map(|((component, score, weight), tenths)| Contribution {
            component,
            score,
            weight: rounded(weight / sum.known, 4),
            contribution: Points::from_tenths(tenths),
        })
        .collect()
}

/// The facts that are not known.
fn missing(
    weights: &Weights,
    assessed: &PerComponent<Assessment>,
    raw: &PerPenalty<Option<f64>>,
) -> Vec<Missing> {
    let is_known = |fact: Fact| match fact.component() {
        Some(component) => assessed.get(component).known.contains(&fact),
        None => checked(fact, raw),
    };
    let missing = Fact::ALL.into_iter().filter(|fact| !is_known(*fact));
    missing
        .map(|fact| Missing {
            fact,
            needed: fact.needed().to_owned(),
            data_confidence_gain: rounded(
                fact.component().map_or(CHECK_PART, |component| {
                    COMPONENTS_PART * weights.get(component) * fact.share()
                }),
                4,
            ),
        })
        .collect()
}

/// Whether the check that a fact is for could be made.
fn checked(fact: Fact, raw: &PerPenalty<Option<f64>>) -> bool {
    match fact {
        Fact::NavDivergence => raw.nav.is_some(),
        Fact::LinkedAddresses => raw.sybil.is_some(),
        Fact::WashTrades => raw.wash_trade.is_some(),
        _ => false,
    }
}

/// 85 % for the components' facts by weight, share and age, 5 % for each of three checks; rounded to hundredths.
fn confidence(
    weights: &Weights,
    assessed: &PerComponent<Assessment>,
    raw: &PerPenalty<Option<f64>>,
    facts: &Facts,
    now: Timestamp,
) -> f64 {
    let components: f64 = Component::ALL
        .into_iter()
        .map(|of| {
            let timeliness = facts
                .observed
                .get(&of)
                .map_or(UNDATED, |of| timeliness(of, now));
            weights.get(of) * assessed.get(of).known_share() * timeliness
        })
        .sum();
    let checks = [raw.nav, raw.sybil, raw.wash_trade];
    let checks: f64 = checks.iter().flatten().map(|_| CHECK_PART).sum();
    rounded(COMPONENTS_PART * components + checks, 2).clamp(0.0, 1.0)
}

/// 1 within the SLA, then halved by each SLA more.
fn timeliness(observed: &Observed, now: Timestamp) -> f64 {
    (1.0 - observed.age_in_slas(now)).min(0.0).exp2()
}

#[cfg(test)]
mod tests;
