use super::case::Case;
use super::series::{Frame, Series};
use crate::{PerTier, Tier};

/// A case's tiers by one way of ranking: on the day, and at the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tiers {
    pub(crate) then: Option<Tier>,
    pub(crate) later: Option<Tier>,
}

/// The tiers by score.
pub(crate) fn by_score(cases: &[Case]) -> Vec<Tiers> {
    let of = |case: &Case| Tiers {
        then: Some(Tier::of(case.score)),
        later: case.later_tier,
    };
    cases.iter().map(of).collect()
}

/// The tiers by another figure of protocols on days, such as their AUM: of each day the same numbers of protocols are in each tier as by
/// score, the highest in L1. So a figure is compared by whom it puts where, not by how many.
pub(crate) fn by_figure(
    frame: &Frame,
    series: &[Series],
    cases: &[Case],
    figure: impl Fn(&Series, usize) -> Option<f64>,
) -> Vec<Tiers> {
    let on = |day: usize| ranked(series, day, &figure);
    let days: Vec<[ByProtocol; 2]> = frame
        .decisions()
        .into_iter()
        .map(|day| [on(day), on(day + frame.horizon)])
        .collect();
    let tier = |tiers: &ByProtocol, of: &Case| tiers.get(of.protocol).copied().flatten();
    let both = |case: &Case| {
        let [then, later] = days.get(case.decision)?;
        Some(Tiers {
            then: tier(then, case),
            later: tier(later, case),
        })
    };
    let unknown = Tiers {
        then: None,
        later: None,
    };
    cases
        .iter()
        .map(|case| both(case).unwrap_or(unknown))
        .collect()
}

/// The tiers of a day, by the place of the protocol.
type ByProtocol = Vec<Option<Tier>>;

/// The tier of each protocol on a day, by figure; none for those without a score or a figure.
fn ranked(
    series: &[Series],
    day: usize,
    figure: &impl Fn(&Series, usize) -> Option<f64>,
) -> ByProtocol {
    let mut numbers = PerTier::<usize>::default();
    let mut known: Vec<(f64, usize)> = Vec::with_capacity(series.len());
    for (protocol, series) in series.iter().enumerate() {
        if let Some((score, figure)) = series.score(day).zip(figure(series, day)) {
            *numbers.get_mut(Tier::of(score)) += 1;
            known.push((figure, protocol));
        }
    }
    known.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let tiers = Tier::ALL
        .into_iter()
        .flat_map(|tier| std::iter::repeat_n(tier, *numbers.get(tier)));
    let mut ranked = vec![None; series.len()];
    for ((_, protocol), tier) in known.iter().zip(tiers) {
        if let Some(of) = ranked.get_mut(*protocol) {
            *of = Some(tier);
        }
    }
    ranked
}
