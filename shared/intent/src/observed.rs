use std::cmp::Ordering;

use types::Timestamp;

use crate::{Model, Numbers};

/// A signal that was observed by the time of the score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observed {
    pub(crate) numbers: Numbers,
    /// Where it is among those that were given.
    pub(crate) index: usize,
    /// Never negative.
    pub(crate) age_seconds: i64,
    /// Its remaining strength: the `x` of the formula, 0 to 1.
    pub(crate) remaining: f64,
    /// Of its kind, in days.
    pub(crate) half_life: f64,
}

/// Half-lives after which a signal is no longer live: a sixteenth of its strength remains.
const LIVE_HALF_LIVES: f64 = 4.0;

/// The signals observed by `now`, of the kinds that have any weight, newest first, in an order that does not depend on the
/// order given, but for those that have the same numbers: these stay in the order given.
pub(crate) fn observed_by(model: &Model, now: Timestamp, signals: &[Numbers]) -> Vec<Observed> {
    let mut observed: Vec<_> = (0..)
        .zip(signals)
        .filter(|(_, signal)| signal.observed_at <= now && model.of(signal.kind).weight > 0.0)
        .map(|(index, signal)| {
            Observed::at(now, index, *signal, model.of(signal.kind).half_life_days)
        })
        .collect();
    observed.sort_by(|a, b| order(&a.numbers, &b.numbers));
    observed
}

impl Observed {
    fn at(now: Timestamp, index: usize, numbers: Numbers, half_life: f64) -> Self {
        let age_seconds = (now.as_second() - numbers.observed_at.as_second()).max(0);
        let half_lives = days(age_seconds) / half_life;
        Self {
            numbers,
            index,
            age_seconds,
            remaining: numbers.strength.get() * (-half_lives).exp2(),
            half_life,
        }
    }

    pub(crate) fn age_days(&self) -> f64 {
        days(self.age_seconds)
    }

    pub(crate) fn is_live(&self) -> bool {
        self.age_days() <= LIVE_HALF_LIVES * self.half_life
    }
}

fn days(seconds: i64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "timestamps span far less than 2^53 seconds"
    )]
    let seconds = seconds as f64;
    seconds / 86_400.0
}

/// Newest first, then by kind, then strongest first. Only signals with the same numbers compare equal.
fn order(a: &Numbers, b: &Numbers) -> Ordering {
    b.observed_at
        .cmp(&a.observed_at)
        .then_with(|| a.kind.cmp(&b.kind))
        .then_with(|| b.strength.get().total_cmp(&a.strength.get()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind::{Engagement, Funding};
    use crate::MODEL;
    use crate::fixtures::{days_ago, now, numbers, signal};

    #[test]
    fn half_is_left_after_a_half_life() {
        let signals = [signal(Funding, 0.8, 120), signal(Engagement, 1.0, 28)];
        let remaining: Vec<f64> = observed_by(&MODEL, now(), &numbers(&signals))
            .iter()
            .map(|o| o.remaining)
            .collect();
        assert_eq!(remaining, [0.25, 0.4]);
    }

    #[test]
    fn what_comes_after_now_is_not_known_yet() {
        let mut soon = signal(Funding, 1.0, 0);
        soon.observed_at = now() + jiff::SignedDuration::from_nanos(1);
        assert!(observed_by(&MODEL, now(), &numbers(&[soon])).is_empty());
    }

    #[test]
    fn a_signal_lives_for_four_half_lives() {
        let signals = [signal(Engagement, 1.0, 56), signal(Engagement, 1.0, 57)];
        let live: Vec<bool> = observed_by(&MODEL, now(), &numbers(&signals))
            .iter()
            .map(Observed::is_live)
            .collect();
        assert_eq!(live, [true, false]);
        assert!(days_ago(56) > days_ago(57));
    }
}
