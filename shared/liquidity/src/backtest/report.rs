use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Timestamp, midnight};

use super::calibration::{self, TierCalibration};
use super::case::{self, Case};
use super::correlation::{Correlation, Correlator};
use super::results::{self, ProtocolResult};
use super::series::{Frame, Series};
use super::tiers::{self, Tiers};
use super::{MONTH, Track};
use crate::number::{count, rounded};
use crate::{METHODOLOGY_VERSION, PerTier};

/// How scores of the past did. The fields up to `methodologyVersion`, and `protocolResults`, are those of the published API.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backtest {
    /// Protocols with a score in the period.
    pub protocol_count: usize,
    /// Their daily scores in the period.
    pub score_record_count: usize,
    /// The first day.
    pub period_start: Timestamp,
    /// The last day: nothing after it was looked at.
    pub period_end: Timestamp,
    /// Rank correlation of score and AUM 30 days later as a multiple of AUM then: the value of `aumRetention`.
    pub aum_retention_correlation: Option<f64>,
    /// Of the cases in L1, the share that is in L1 at the outcome.
    pub l1_stability_rate: Option<f64>,
    /// Of the cases in ILLIQUID, the share that had a drawdown of a fifth or more, or late redemptions.
    pub illiquid_prediction_accuracy: Option<f64>,
    /// The mean score of cases that had a drawdown, rounded to one decimal.
    pub avg_score_before_drawdown: Option<f64>,
    /// The formulas of today. Scores are as they were computed then.
    pub methodology_version: String,
    /// Days from a score to its outcome: 30, or the whole of a shorter period.
    pub horizon_days: usize,
    /// How many cases there are: protocols on a day with score and AUM, and AUM at the outcome.
    pub case_count: usize,
    /// How many more there would be if AUM at the outcome was known: where many are, those that ended are missing.
    pub without_outcome_count: usize,
    /// The correlation with its interval.
    pub aum_retention: Correlation,
    /// Cases that `l1StabilityRate` is of.
    pub l1_count: usize,
    /// Cases that `illiquidPredictionAccuracy` is of.
    pub illiquid_count: usize,
    /// Cases that `avgScoreBeforeDrawdown` is of.
    pub drawdown_count: usize,
    /// What came of the cases of each tier.
    pub calibration: PerTier<TierCalibration>,
    /// The same by figures that need no methodology.
    pub baselines: Vec<Baseline>,
    /// Each protocol, by slug.
    pub protocol_results: Vec<ProtocolResult>,
}

/// A figure that needs no methodology, on the cases in which it is known. As many protocols are in each of its tiers as by score.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BacktestBaseline")]
pub struct Baseline {
    /// `aum` (of the day), or `last_month_change` (of AUM, in the 30 days before).
    pub name: String,
    /// Its correlation with what AUM did.
    pub aum_retention: Correlation,
    /// That of the score on the same cases and samples.
    pub score_on_the_same: Correlation,
    /// As of the score.
    pub l1_stability_rate: Option<f64>,
    /// As of the score.
    pub illiquid_prediction_accuracy: Option<f64>,
}

pub(crate) fn report(frame: &Frame, tracks: &[&Track], series: &[Series], seed: u64) -> Backtest {
    let cases = case::cases(frame, series);
    let tiers = tiers::by_score(&cases);
    let (score, baselines) = compared(frame, series, &cases, seed);
    let rows = rows(frame, tracks, series, &cases);
    let drawdowns: Vec<f64> = cases
        .iter()
        .filter(|case| case.drawdown)
        .map(|case| f64::from(case.score))
        .collect();
    let before: f64 = drawdowns.iter().sum::<f64>() / count(drawdowns.len());
    let l1 = calibration::l1_stability(&cases, &tiers);
    let illiquid = calibration::illiquid_accuracy(&cases, &tiers);
    Backtest {
        protocol_count: rows.len(),
        score_record_count: series.iter().map(|of| of.own_scores.len()).sum(),
        period_start: midnight(frame.start),
        period_end: midnight(frame.end),
        aum_retention_correlation: score.value,
        l1_stability_rate: l1.share(),
        illiquid_prediction_accuracy: illiquid.share(),
        avg_score_before_drawdown: (!drawdowns.is_empty()).then(|| rounded(before, 1)),
        methodology_version: METHODOLOGY_VERSION.to_owned(),
        horizon_days: frame.horizon,
        case_count: cases.len(),
        without_outcome_count: case::without_outcome(frame, series, cases.len()),
        aum_retention: score,
        l1_count: l1.n,
        illiquid_count: illiquid.n,
        drawdown_count: drawdowns.len(),
        calibration: calibration::by_tier(&cases, &tiers),
        baselines,
        protocol_results: rows,
    }
}

/// The correlations of the score, and the baselines.
fn compared(
    frame: &Frame,
    series: &[Series],
    cases: &[Case],
    seed: u64,
) -> (Correlation, Vec<Baseline>) {
    let by_aum = tiers::by_figure(frame, series, cases, Series::aum);
    let by_change = tiers::by_figure(frame, series, cases, |of, day| {
        case::ratio(of.aum(day)?, of.aum(day.checked_sub(MONTH)?)?)
    });
    let known: Vec<Case> = cases
        .iter()
        .filter(|of| of.last_month.is_some())
        .copied()
        .collect();
    let change = |case: &Case| case.last_month.unwrap_or_default();
    let (score, aum, all_change) = if known.len() == cases.len() {
        // One pass for all three.
        let found = correlations(cases, &[&score_of, &aum_of, &change], seed);
        (
            nth(&found, 0),
            nth(&found, 1),
            (nth(&found, 0), nth(&found, 2)),
        )
    } else {
        let all = correlations(cases, &[&score_of, &aum_of], seed);
        let some = correlations(&known, &[&score_of, &change], seed);
        (nth(&all, 0), nth(&all, 1), (nth(&some, 0), nth(&some, 1)))
    };
    let baselines = vec![
        baseline("aum", (score, aum), cases, &by_aum),
        baseline("last_month_change", all_change, cases, &by_change),
    ];
    (score, baselines)
}

fn score_of(case: &Case) -> f64 {
    f64::from(case.score)
}

const fn aum_of(case: &Case) -> f64 {
    case.aum
}

/// The correlation of each variable with what AUM did.
fn correlations(
    cases: &[Case],
    variables: &[&dyn Fn(&Case) -> f64],
    seed: u64,
) -> Vec<Correlation> {
    // Cases are in the order of protocols.
    let (mut protocols, mut before): (Vec<u32>, Option<usize>) =
        (Vec::with_capacity(cases.len()), None);
    for case in cases {
        let last = protocols.last().copied();
        let is_next = u32::from(before != Some(case.protocol));
        protocols.push(last.map_or(0, |last| last + is_next));
        before = Some(case.protocol);
    }
    let column = |of: &dyn Fn(&Case) -> f64| cases.iter().map(of).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> = variables.iter().map(|of| column(*of)).collect();
    let outcome = column(&|case| case.retention);
    Correlator::new(&protocols, &outcome, &columns).correlations(seed)
}

fn nth(found: &[Correlation], index: usize) -> Correlation {
    found.get(index).copied().unwrap_or_default()
}

fn baseline(
    name: &str,
    (score, own): (Correlation, Correlation),
    cases: &[Case],
    tiers: &[Tiers],
) -> Baseline {
    Baseline {
        name: name.to_owned(),
        aum_retention: own,
        score_on_the_same: score,
        l1_stability_rate: calibration::l1_stability(cases, tiers).share(),
        illiquid_prediction_accuracy: calibration::illiquid_accuracy(cases, tiers).share(),
    }
}

/// The rows of the protocols that have a score in the period.
fn rows(
    frame: &Frame,
    tracks: &[&Track],
    series: &[Series],
    cases: &[Case],
) -> Vec<ProtocolResult> {
    let mut rest = cases;
    let mut rows = Vec::with_capacity(tracks.len());
    for (protocol, (track, series)) in tracks.iter().zip(series).enumerate() {
        let own = rest
            .iter()
            .take_while(|case| case.protocol == protocol)
            .count();
        let (own, others) = rest.split_at(own);
        rows.extend(results::row(frame, track, series, own));
        rest = others;
    }
    rows
}
