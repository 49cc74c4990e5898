use crate::kind::PerKind;
use crate::observed::Observed;
use crate::{Kind, Model};

/// Days before `now` that make the baseline: 10, 20, … 90.
const POINTS: u8 = 9;
const STEP_DAYS: f64 = 10.0;
const STEP_SECONDS: i64 = 10 * 86_400;

/// With fewer points, so a past of less than 30 days, there is nothing to compare with.
const LEAST_POINTS: u8 = 3;

/// A company's intent now and at points of the 90 days before, each from the signals observed by then.
pub(crate) struct Course {
    /// Raw intent of each kind, now.
    pub(crate) raw: PerKind<f64>,
    /// The score now, in points, rounded.
    pub(crate) score: u8,
    /// The mean score of the points since the company's first signal, in points, rounded.
    pub(crate) baseline: Option<u8>,
}

impl Course {
    /// One pass over the signals, newest first, and no allocation: from point to point backwards, what was left of a
    /// signal grows by a factor that depends on its kind alone.
    pub(crate) fn of(model: &Model, observed: &[Observed<'_>]) -> Self {
        let mut now = PerKind([1.0; Kind::ALL.len()]);
        let mut past = [now; POINTS as usize];
        for known in observed {
            let kind = known.signal.kind;
            let growth = (STEP_DAYS / known.half_life).exp2();
            let (mut left, mut age) = (known.left, known.age_seconds);
            now[kind] *= 1.0 - left;
            for point in &mut past {
                age -= STEP_SECONDS;
                if age < 0 {
                    break;
                }
                left = (left * growth).min(1.0);
                point[kind] *= 1.0 - left;
            }
        }
        let raw = raw(model, &now);
        let baseline = baseline(model, past.iter().take(usize::from(lived(observed))));
        Self {
            score: whole(points(model, &raw)),
            baseline,
            raw,
        }
    }
}

/// How many of the points come after the company's first signal: the days before are not its past.
fn lived(observed: &[Observed<'_>]) -> u8 {
    let steps = observed
        .last()
        .map_or(0, |first| first.age_seconds / STEP_SECONDS);
    u8::try_from(steps).map_or(POINTS, |steps| steps.min(POINTS))
}

/// The mean score of the points, where they are enough.
fn baseline<'a>(
    model: &Model,
    past: impl ExactSizeIterator<Item = &'a PerKind<f64>>,
) -> Option<u8> {
    let count = u8::try_from(past.len())
        .ok()
        .filter(|count| *count >= LEAST_POINTS)?;
    let sum: f64 = past.map(|missed| points(model, &raw(model, missed))).sum();
    Some(whole(sum / f64::from(count)))
}

/// Weight · intensity of each kind, from Π(1 − x).
fn raw(model: &Model, missed: &PerKind<f64>) -> PerKind<f64> {
    PerKind(Kind::ALL.map(|kind| model.of(kind).weight * (1.0 - missed[kind])))
}

fn points(model: &Model, raw: &PerKind<f64>) -> f64 {
    model.points(raw.0.iter().sum())
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
    fn check(signals: &[Signal], score: u8, baseline: Option<u8>) {
        let course = Course::of(&MODEL, &observed_by(&MODEL, now(), signals));
        assert_eq!((course.score, course.baseline), (score, baseline));
    }

    #[test]
    fn scores_are_those_worked_by_hand() {
        // x = 0.5 twice, raw = 40 · 0.75 = 30, 100 · (1 − e^(−30/45)) = 48.7
        check(
            &[signal(Engagement, 0.5, 0), signal(Engagement, 1.0, 14)],
            49,
            None,
        );
        // raw = 35 + 30, 100 · (1 − e^(−65/45)) = 76.4
        check(&[signal(Funding, 1.0, 0), signal(Hiring, 1.0, 0)], 76, None);
    }

    #[test]
    fn the_baseline_is_the_mean_of_the_points_since_the_first_signal() {
        // 90 days ago raw was 40, 58.9 points; 80 days ago 40 · 2^(−10/14) = 24.4, 41.8 points; then 28.1, 18.2, 11.5,
        // 7.2, 4.5, 2.7 and 1.7. The mean of the nine is 19.4.
        check(&[signal(Engagement, 1.0, 90)], 1, Some(19));
        // The three points since it was first seen have 58.9, 41.8 and 28.1, the six before do not count.
        check(&[signal(Engagement, 1.0, 30)], 18, Some(43));
        // Known for long and quiet since: the days without anything are its past.
        check(
            &[signal(Engagement, 1.0, 3), signal(Engagement, 1.0, 900)],
            54,
            Some(0),
        );
    }

    #[test]
    fn a_past_of_less_than_thirty_days_is_no_baseline() {
        check(&[], 0, None);
        check(&[signal(Engagement, 1.0, 29)], 19, None);
        check(
            &[signal(Engagement, 1.0, 29), signal(Engagement, 0.001, 30)],
            19,
            Some(24),
        );
    }

    #[test]
    fn the_baseline_is_the_score_of_those_days() {
        let signals: Vec<_> = (0..120)
            .step_by(11)
            .map(|age| signal(Hiring, 0.6, age))
            .collect();
        let mean: f64 = (1..=9)
            .map(|step| {
                let then = now() - jiff::SignedDuration::from_hours(step * 10 * 24);
                let observed = observed_by(&MODEL, then, &signals);
                points(&MODEL, &Course::of(&MODEL, &observed).raw)
            })
            .sum::<f64>()
            / 9.0;
        let course = Course::of(&MODEL, &observed_by(&MODEL, now(), &signals));
        assert_eq!(course.baseline, Some(whole(mean)));
    }
}
