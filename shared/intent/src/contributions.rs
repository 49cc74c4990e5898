use crate::kind::PerKind;
use crate::observed::Observed;
use crate::{Contribution, Kind, MoreSignals, Points, Signal};
use types::largest_remainder;

/// The most signals that a score lists.
const MAX_LISTED: usize = 50;

/// Keeps −ln(1 − x) finite for a certain signal, and of the order of one that is a few hours old.
const CERTAIN: f64 = 0.999;

/// The signals that a score lists with their parts in tenths of a point, largest first, and the sum of the others.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) signals: Vec<(Observed, u16)>,
    pub(crate) more: Option<MoreSignals>,
}

/// Each signal's part of `score`, largest first, and the sum of those not listed. Together they are `score` exactly.
pub(crate) fn listed(observed: &[Observed], raw: &PerKind<f64>, score: u8) -> Listed {
    let mut parts = parts(observed, raw, score);
    // Stable: equal parts keep the order of `observed`, newest first.
    parts.sort_by(|(a, _), (b, _)| b.total_cmp(a));

    let listed_count = parts
        .iter()
        .take(MAX_LISTED)
        .take_while(|(tenths, _)| *tenths >= 0.5)
        .count();
    let (listed, others) = parts.split_at(listed_count);
    let mut exact: Vec<f64> = listed.iter().map(|(tenths, _)| *tenths).collect();
    if !others.is_empty() {
        exact.push(others.iter().map(|(tenths, _)| tenths).sum());
    }

    let tenths = largest_remainder(&exact, u16::from(score) * 10);
    let signals: Vec<_> = listed
        .iter()
        .zip(&tenths)
        .filter(|(_, tenths)| **tenths > 0)
        .map(|((_, known), tenths)| (**known, *tenths))
        .collect();
    let more = MoreSignals {
        count: observed.len() - signals.len(),
        contribution: Points::from_tenths(tenths.get(listed_count).copied().unwrap_or(0)),
    };
    Listed {
        signals,
        more: (more.count > 0).then_some(more),
    }
}

impl Listed {
    /// As they are shown. `signal` returns a signal by its index.
    pub(crate) fn contributions<'a>(
        &self,
        signal: &impl Fn(usize) -> Option<&'a Signal>,
    ) -> Vec<Contribution> {
        let listed = self.signals.iter();
        listed
            .map(|(known, tenths)| contribution(known, *tenths, signal(known.index)))
            .collect()
    }
}

/// Each signal's part of the score in tenths of a point, not rounded: its share of its kind's share of raw.
fn parts<'a>(observed: &'a [Observed], raw: &PerKind<f64>, score: u8) -> Vec<(f64, &'a Observed)> {
    let mut weights = PerKind([0.0; Kind::ALL.len()]);
    for known in observed {
        weights[known.numbers.kind] += weight(known);
    }
    let total: f64 = raw.0.iter().sum();
    let scale = if total > 0.0 {
        f64::from(score) * 10.0 / total
    } else {
        0.0
    };
    observed
        .iter()
        .map(|known| {
            let kind = known.numbers.kind;
            let share = if weights[kind] > 0.0 {
                weight(known) / weights[kind]
            } else {
                0.0
            };
            (scale * raw[kind] * share, known)
        })
        .collect()
}

/// What a signal adds to −ln Π(1 − x), the same in any order.
fn weight(known: &Observed) -> f64 {
    -(-known.remaining.min(CERTAIN)).ln_1p()
}

fn contribution(known: &Observed, tenths: u16, signal: Option<&Signal>) -> Contribution {
    let numbers = known.numbers;
    let text = |of: fn(&Signal) -> &String| signal.map(of).cloned().unwrap_or_default();
    Contribution {
        kind: numbers.kind,
        strength: numbers.strength,
        contribution: Points::from_tenths(tenths),
        observed_at: types::whole_second(numbers.observed_at),
        age_days: (known.age_days() * 10.0).round() / 10.0,
        source: text(|signal| &signal.source),
        evidence: text(|signal| &signal.evidence),
        url: signal.and_then(|signal| signal.url.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind::{Engagement, Funding, Hiring, News};
    use crate::fixtures::{now, numbers, signal};
    use crate::observed::observed_by;
    use crate::trend::Trend;
    use crate::{MODEL, Signal};

    /// The tenths listed, and the count and tenths of the others.
    #[track_caller]
    fn check(signals: &[Signal], tenths: &[u16], more: Option<(usize, u16)>) {
        let observed = observed_by(&MODEL, now(), &numbers(signals));
        let trend = Trend::of(&MODEL, &observed);
        let found = listed(&observed, &trend.raw, trend.score);
        let listed: Vec<u16> = found.signals.iter().map(|(_, tenths)| *tenths).collect();
        assert_eq!(listed, tenths);
        assert_eq!(
            found
                .more
                .map(|more| (more.count, more.contribution.tenths())),
            more
        );
    }

    #[test]
    fn parts_are_those_worked_by_hand() {
        // 39 points, shared by two signals with the same x = 0.5.
        check(
            &[signal(Hiring, 0.5, 0), signal(Hiring, 1.0, 120)],
            &[195, 195],
            None,
        );
        // 76 points: 76 · 35/65 = 40.92 and 76 · 30/65 = 35.08.
        check(
            &[signal(Hiring, 1.0, 0), signal(Funding, 1.0, 0)],
            &[409, 351],
            None,
        );
        // x = 0.5 and 0.75: I = 0.875, raw = 26.25, 44 points; ln 2 : ln 4 = 1 : 2.
        check(
            &[signal(Hiring, 0.5, 0), signal(Hiring, 0.75, 0)],
            &[293, 147],
            None,
        );
    }

    #[test]
    fn what_rounds_to_nothing_is_one_sum() {
        check(
            &[signal(Hiring, 0.8, 120), signal(Engagement, 1.0, 900)],
            &[230],
            Some((1, 0)),
        );
        check(&[signal(Hiring, 1.0, 9000)], &[], Some((1, 0)));
        check(&[], &[], None);
    }

    #[test]
    fn fifty_are_listed() {
        let signals: Vec<_> = (0..120).map(|_| signal(News, 0.02, 0)).collect();
        // I = 1 − 0.98^120 = 0.9115, raw = 9.115, 18 points, 0.15 each: 1.5 tenths, one up and the next down.
        let observed = observed_by(&MODEL, now(), &numbers(&signals));
        let found = listed(&observed, &Trend::of(&MODEL, &observed).raw, 18);
        let more = found.more.unwrap();
        assert_eq!((found.signals.len(), more.count), (50, 70));
        let sum: u16 = found.signals.iter().map(|(_, tenths)| tenths).sum();
        assert_eq!(sum + more.contribution.tenths(), 180);
        assert_eq!(more.contribution.tenths(), 105);
    }
}
