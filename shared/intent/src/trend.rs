use crate::kind::PerKind;
use crate::observed::Observed;
use crate::{Kind, Model};

/// Points in the past that make up the baseline: 10, 20, … 90 days before `now`.
const POINTS: u8 = 9;
const STEP_DAYS: f64 = 10.0;
const STEP_SECONDS: i64 = 10 * 86_400;

/// With fewer points, that is less than 30 days of past, there is no baseline.
const MIN_POINTS: u8 = 3;

/// A company's score now and the mean of its scores in the 90 days before, each from the signals observed by then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trend {
    /// Raw intent of each kind, now.
    pub(crate) raw: PerKind<f64>,
    /// The score now, in points, rounded.
    pub(crate) score: u8,
    /// The mean score of the points since the company's first signal, in points, rounded.
    pub(crate) baseline: Option<u8>,
}

impl Trend {
    /// One pass over the signals, newest first, without allocation: from one point to the next further back, a signal's
    /// remaining strength grows by a factor that depends on its kind only.
    pub(crate) fn of(model: &Model, observed: &[Observed]) -> Self {
        let mut now = PerKind([1.0; Kind::ALL.len()]);
        let mut past = [now; POINTS as usize];
        for known in observed {
            let kind = known.numbers.kind;
            let growth = (STEP_DAYS / known.half_life).exp2();
            let (mut remaining, mut age) = (known.remaining, known.age_seconds);
            now[kind] *= 1.0 - remaining;
            for point in &mut past {
                age -= STEP_SECONDS;
                if age < 0 {
                    break;
                }
                remaining = (remaining * growth).min(1.0);
                point[kind] *= 1.0 - remaining;
            }
        }
        let raw = raw(model, &now);
        let baseline = baseline(
            model,
            past.iter()
                .take(usize::from(points_since_first_signal(observed))),
        );
        Self {
            score: whole(points(model, &raw)),
            baseline,
            raw,
        }
    }
}

/// How many of the points are after the company's first signal: earlier days are not its past.
fn points_since_first_signal(observed: &[Observed]) -> u8 {
    let steps = observed
        .last()
        .map_or(0, |first| first.age_seconds / STEP_SECONDS);
    u8::try_from(steps).map_or(POINTS, |steps| steps.min(POINTS))
}

/// The mean score of the points, if there are enough.
fn baseline<'a>(
    model: &Model,
    past: impl ExactSizeIterator<Item = &'a PerKind<f64>>,
) -> Option<u8> {
    let count = u8::try_from(past.len())
        .ok()
        .filter(|count| *count >= MIN_POINTS)?;
    let sum: f64 = past
        .map(|complement| points(model, &raw(model, complement)))
        .sum();
    Some(whole(sum / f64::from(count)))
}

/// Weight · intensity of each kind, from Π(1 − x).
fn raw(model: &Model, complement: &PerKind<f64>) -> PerKind<f64> {
    PerKind(Kind::ALL.map(|kind| model.of(kind).weight * (1.0 - complement[kind])))
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
    use crate::fixtures::{now, numbers, signal};
    use crate::observed::observed_by;
    use crate::{MODEL, Signal};

    #[track_caller]
    fn check(signals: &[Signal], score: u8, baseline: Option<u8>) {
        let trend = Trend::of(&MODEL, &observed_by(&MODEL, now(), &numbers(signals)));
        assert_eq!((trend.score, trend.baseline), (score, baseline));
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
        // Known for long and quiet since: days without signals count as its past.
        check(
            &[signal(Engagement, 1.0, 3), signal(Engagement, 1.0, 900)],
            54,
            Some(0),
        );
    }

    #[test]
    fn there_is_no_baseline_for_a_past_of_less_than_thirty_days() {
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
                let observed = observed_by(&MODEL, then, &numbers(&signals));
                points(&MODEL, &Trend::of(&MODEL, &observed).raw)
            })
            .sum::<f64>()
            / 9.0;
        let trend = Trend::of(&MODEL, &observed_by(&MODEL, now(), &numbers(&signals)));
        assert_eq!(trend.baseline, Some(whole(mean)));
    }
}
