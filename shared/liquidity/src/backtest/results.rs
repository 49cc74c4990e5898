use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::ProtocolSlug;

use super::Track;
use super::case::Case;
use super::series::{Frame, Series};
use crate::Tier;
use crate::number::{count, rounded};

/// How the scores of one protocol did.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BacktestProtocol")]
pub struct ProtocolResult {
    /// What it is called in paths.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// The mean score of the period, rounded to one decimal.
    pub avg_score: f64,
    /// The standard deviation of the scores of the period, points.
    pub score_volatility: f64,
    /// AUM at the end as a multiple of that 30 days before, or at the start of a shorter period.
    #[serde(rename = "aumRetention30d")]
    pub aum_retention_30d: Option<f64>,
    /// The share of days with a score whose tier is that of the day with a score before. None of a single score.
    pub tier_stability: Option<f64>,
    /// Whether most of its cases came as their tiers say: L1 and L2 without trouble, L3 and ILLIQUID with it. Half is not most. None without
    /// a case.
    pub prediction_accurate: Option<bool>,
    /// How many cases it has.
    pub cases: usize,
}

/// The row of a protocol; none if it has no score in the period.
pub(crate) fn row(
    frame: &Frame,
    track: &Track,
    series: &Series,
    cases: &[Case],
) -> Option<ProtocolResult> {
    let scores = &series.own_scores;
    if scores.is_empty() {
        return None;
    }
    let n = count(scores.len());
    let mean = scores.iter().map(|score| f64::from(*score)).sum::<f64>() / n;
    let squares = scores
        .iter()
        .map(|score| (f64::from(*score) - mean).powi(2));
    let variance = squares.sum::<f64>() / n;
    let pairs = || scores.iter().zip(scores.iter().skip(1));
    let same = pairs()
        .filter(|(a, b)| Tier::of(**a) == Tier::of(**b))
        .count();
    let last = frame.last();
    let before = series.aum(last - frame.horizon);
    let retention = series.aum(last).zip(before).map(|(end, start)| end / start);
    let right = cases.iter().filter(|case| is_right(case)).count();
    Some(ProtocolResult {
        slug: track.slug.clone(),
        name: track.name.clone(),
        avg_score: rounded(mean, 1),
        score_volatility: rounded(variance.sqrt(), 2),
        aum_retention_30d: retention
            .filter(|of| of.is_finite())
            .map(|of| rounded(of, 4)),
        tier_stability: (scores.len() > 1).then(|| rounded(count(same) / (n - 1.0), 4)),
        prediction_accurate: (!cases.is_empty()).then_some(2 * right > cases.len()),
        cases: cases.len(),
    })
}

fn is_right(case: &Case) -> bool {
    let expects_trouble = Tier::of(case.score) >= Tier::L3;
    case.trouble == expects_trouble
}
