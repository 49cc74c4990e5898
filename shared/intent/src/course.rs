use crate::kind::PerKind;
use crate::observed::Observed;
use crate::{Kind, Model};

/// Weekly points before `now` that make the baseline: the last 84 of 90 days.
const WEEKS: usize = 12;
const WEEK_SECONDS: i64 = 7 * 86_400;

/// A company's intent now and at the weekly points before, each from the signals observed by then.
pub(crate) struct Course {
    /// Raw intent of each kind, now.
    pub(crate) raw: PerKind<f64>,
    /// The score now, in points, rounded.
    pub(crate) score: u8,
    /// The mean score of the weekly points, in points, rounded.
    pub(crate) baseline: u8,
}

impl Course {
    /// One pass over the signals and no allocation: from week to week backwards, what was left of a signal grows by a
    /// factor that depends on its kind alone.
    pub(crate) fn of(model: &Model, observed: &[Observed<'_>]) -> Self {
        let mut now = PerKind([1.0; Kind::ALL.len()]);
        let mut past = [now; WEEKS];
        for known in observed {
            let kind = known.signal.kind;
            let growth = (7.0 / known.half_life).exp2();
            let (mut left, mut age) = (known.left, known.age_seconds);
            now[kind] *= 1.0 - left;
            for point in &mut past {
                age -= WEEK_SECONDS;
                if age < 0 {
                    break;
                }
                left = (left * growth).min(1.0);
                point[kind] *= 1.0 - left;
            }
        }
        let raw = raw(model, &now);
        let points = |raw: &PerKind<f64>| model.points(raw.0.iter().sum());
        let past = past.iter().map(|missed| self::raw(model, missed));
        let baseline: f64 = past.map(|raw| points(&raw)).sum();
        Self {
            score: whole(points(&raw)),
            baseline: whole(baseline / 12.0),
            raw,
        }
    }
}

/// Weight · intensity of each kind, from Π(1 − x).
fn raw(model: &Model, missed: &PerKind<f64>) -> PerKind<f64> {
    PerKind(Kind::ALL.map(|kind| model.of(kind).weight * (1.0 - missed[kind])))
}

fn whole(points: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "points are from 0 to 100"
    )]
    let whole = points.round() as u8;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind::{Engagement, Funding, Hiring};
    use crate::fixtures::{now, signal};
    use crate::observed::observed_by;
    use crate::{MODEL, Signal};

    #[track_caller]
    fn check(signals: &[Signal], score: u8, baseline: u8) {
        let course = Course::of(&MODEL, &observed_by(&MODEL, now(), signals));
        assert_eq!((course.score, course.baseline), (score, baseline));
    }

    #[test]
    fn scores_are_those_worked_by_hand() {
        check(&[], 0, 0);
        // x = 0.8 / 2, raw = 30 · 0.4 = 12, 100 · (1 − e^(−12/45)) = 23.4
        check(&[signal(Hiring, 0.8, 60)], 23, 21);
        // x = 0.5 twice, raw = 30 · 0.75 = 22.5, 100 · (1 − e^−0.5) = 39.3
        check(&[signal(Hiring, 0.5, 0), signal(Hiring, 1.0, 60)], 39, 26);
        // raw = 35 + 30, 100 · (1 − e^(−65/45)) = 76.4
        check(&[signal(Funding, 1.0, 0), signal(Hiring, 1.0, 0)], 76, 0);
    }

    #[test]
    fn the_baseline_is_the_mean_of_what_was_known_each_week() {
        // Eight days ago: only the point of one week ago knows it, one day old.
        // raw = 40 · 2^(−1/14) = 38.07, 57.09 points; a twelfth of it is 4.76.
        check(&[signal(Engagement, 1.0, 8)], 45, 5);
        // Observed exactly 84 days ago, the oldest point knows it in full.
        check(&[signal(Engagement, 1.0, 84)], 1, 20);
    }

    #[test]
    fn the_baseline_is_the_score_of_those_days() {
        let signals: Vec<_> = (0..120)
            .step_by(11)
            .map(|age| signal(Hiring, 0.6, age))
            .collect();
        let mean: f64 = (1..=12)
            .map(|week| {
                let then = now() - jiff::SignedDuration::from_hours(week * 7 * 24);
                let observed = observed_by(&MODEL, then, &signals);
                MODEL.points(Course::of(&MODEL, &observed).raw.0.iter().sum())
            })
            .sum::<f64>()
            / 12.0;
        let course = Course::of(&MODEL, &observed_by(&MODEL, now(), &signals));
        assert_eq!(course.baseline, whole(mean));
    }
}
