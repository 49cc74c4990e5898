use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::robust::slope;

/// Which way a score has moved. In JSON in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(rename = "ScoreTrajectory")]
pub enum Trajectory {
    /// Up by 2 points or more.
    Improving,
    /// Between.
    Stable,
    /// Down by 2 points or more.
    Declining,
}

/// Points of change from which on a score is not stable.
const NOTABLE: f64 = 2.0;

impl Trajectory {
    /// Of scores with their times, in any order: the median slope of all pairs (Theil-Sen), times the time from the first to the
    /// last, in points. A single wild score does not move it. None of less than two scores, or all of one time.
    pub fn of(scores: impl IntoIterator<Item = (Timestamp, u8)>) -> Option<Self> {
        let mut points: Vec<(f64, f64)> = scores
            .into_iter()
            .map(|(at, score)| (days(at), f64::from(score)))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (first, last) = (points.first()?.0, points.last()?.0);
        let change = slope(&points)? * (last - first);
        Some(if change >= NOTABLE - 1e-9 {
            Self::Improving
        } else if change <= -NOTABLE + 1e-9 {
            Self::Declining
        } else {
            Self::Stable
        })
    }
}

/// Days since 1970.
#[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
fn days(at: Timestamp) -> f64 {
    at.as_second() as f64 / 86_400.0
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::Trajectory::{Declining, Improving, Stable};
    use super::*;
    use crate::fixtures::now;

    fn of(scores: &[u8]) -> Option<Trajectory> {
        let days = scores.iter().zip(0..);
        Trajectory::of(
            days.map(|(score, day)| (now() + SignedDuration::from_hours(24 * day), *score)),
        )
    }

    #[test]
    fn the_printed_history_improves() {
        assert_eq!(of(&[79, 80, 82]), Some(Improving));
        assert_eq!(serde_json::to_string(&Improving).unwrap(), "\"IMPROVING\"");
    }

    #[test]
    fn two_points_are_notable() {
        assert_eq!(of(&[80, 82]), Some(Improving));
        assert_eq!(of(&[80, 81]), Some(Stable));
        assert_eq!(of(&[82, 81, 80]), Some(Declining));
        assert_eq!(of(&[80, 80, 0, 80, 80, 80]), Some(Stable));
        assert_eq!((of(&[80]), of(&[])), (None, None));
        assert_eq!(Trajectory::of([(now(), 1), (now(), 9)]), None);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_time_reversed_is_the_opposite(scores in prop::collection::vec(0u8..=100, 2..40)) {
            let forward = of(&scores);
            let mut reversed = scores.clone();
            reversed.reverse();
            let opposite = of(&reversed).map(|of| match of {
                Improving => Declining,
                Stable => Stable,
                Declining => Improving,
            });
            prop_assert_eq!(forward, opposite);
            let at = |day: i64| now() + SignedDuration::from_hours(24 * day);
            let mut points: Vec<_> = scores.iter().zip(0..).map(|(score, day)| (at(day), *score)).collect();
            points.reverse();
            prop_assert_eq!(Trajectory::of(points), forward);
        }
    }
}
