use super::series::{Frame, Series};
use super::{DRAWDOWN, MONTH};
use crate::Tier;

/// A protocol on a day with a score, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    /// The protocol's place in the order of slugs.
    pub(crate) protocol: usize,
    /// The place of the day among those on which scores are taken.
    pub(crate) decision: usize,
    /// What was known on the day.
    pub(crate) score: u8,
    pub(crate) aum: f64,
    /// AUM of the day as a multiple of that 30 days before, if known.
    pub(crate) last_month: Option<f64>,
    /// AUM at the outcome as a multiple of that of the day.
    pub(crate) retention: f64,
    /// Whether AUM fell by a fifth or more at any time up to the outcome.
    pub(crate) drawdown: bool,
    /// Whether it did, or redemptions were late.
    pub(crate) trouble: bool,
    /// The tier at the outcome, if there is a score.
    pub(crate) later_tier: Option<Tier>,
}

/// All cases, by protocol and day.
pub(crate) fn cases(frame: &Frame, series: &[Series]) -> Vec<Case> {
    let decisions = frame.decisions();
    let mut cases = Vec::with_capacity(series.len() * decisions.len());
    for (protocol, series) in series.iter().enumerate() {
        for (decision, day) in decisions.iter().enumerate() {
            cases.extend(case(frame, series, protocol, (decision, *day)));
        }
    }
    cases
}

fn case(
    frame: &Frame,
    series: &Series,
    protocol: usize,
    (decision, day): (usize, usize),
) -> Option<Case> {
    let (score, aum) = candidate(series, day)?;
    let until = day + frame.horizon;
    let retention = ratio(series.aum(until)?, aum)?;
    let least = series.least_aum(day, until).unwrap_or(aum);
    let drawdown = least.min(retention * aum) <= (1.0 - DRAWDOWN) * aum;
    let month_ago = day.checked_sub(MONTH).and_then(|day| series.aum(day));
    Some(Case {
        protocol,
        decision,
        score,
        aum,
        last_month: month_ago.and_then(|before| ratio(aum, before)),
        retention,
        drawdown,
        trouble: drawdown || series.was_delayed(day, until),
        later_tier: series.score(until).map(Tier::of),
    })
}

/// Score and AUM of a day on which both are known and there is any AUM.
fn candidate(series: &Series, day: usize) -> Option<(u8, f64)> {
    let aum = series.aum(day).filter(|aum| *aum > 0.0);
    series.score(day).zip(aum)
}

/// How many protocols on a day would be cases if their AUM at the outcome was known.
pub(crate) fn without_outcome(frame: &Frame, series: &[Series], cases: usize) -> usize {
    let days = frame.decisions();
    let of = |series: &Series| {
        days.iter()
            .filter(|day| candidate(series, **day).is_some())
            .count()
    };
    series.iter().map(of).sum::<usize>().saturating_sub(cases)
}

/// None if two numbers are too far apart to divide.
pub(crate) fn ratio(of: f64, by: f64) -> Option<f64> {
    let ratio = of / by;
    ratio.is_finite().then_some(ratio)
}
