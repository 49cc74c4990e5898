//! What the charts draw: lines in a unit square, from the first day and the lowest amount to the last and the highest.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use types::{Date, date_of, midnight};

use crate::numbers::{amount, decimals, short_date, unit, usd};
use crate::{HistoryPoint, ReportData};

const LAST: u8 = ReportData::DAYS - 1;
/// Days between two labels of the axis of days.
const DAYS_PER_LABEL: u8 = 15;
/// The steps between two labels of an axis of amounts, as multiples of a power of ten, with a last one for rounding.
const STEPS: [f64; 4] = [1.0, 2.0, 5.0, 10.0];
/// Labels of an axis of amounts, about.
const LABELS: f64 = 4.0;

/// A chart of one value a day.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Chart {
    /// The unit of the labels, if they have one.
    unit: String,
    /// Said in place of a line where there is none to draw.
    sentence: Option<String>,
    /// Points of consecutive days, each as x and y from 0 to 1. A day without a value ends a segment.
    segments: Vec<Vec<(f64, f64)>>,
    x: Vec<Label>,
    y: Vec<Label>,
    /// The last value, where it is and what it is.
    last: Option<(f64, f64, String)>,
    /// The chart in a sentence, for readers who do not see it.
    alt: String,
}

/// A label of an axis, at 0 to 1 of it.
#[derive(Debug, PartialEq, Serialize)]
struct Label {
    at: f64,
    text: String,
}

/// Values by their day: 0 is the first of the chart, [`LAST`] that of the report.
type Days = BTreeMap<u8, f64>;

impl Chart {
    /// Of scores, on an axis from 0 to 100.
    pub(crate) fn of_scores(history: &[HistoryPoint], today: Date) -> Self {
        let days = days(history, today, |point| {
            point.score.map(|score| f64::from(score.min(100)))
        });
        let y = [0.0, 25.0, 50.0, 75.0, 100.0].map(|value| Label {
            at: value / 100.0,
            text: decimals(value, 0),
        });
        let show = |value| decimals(value, 0);
        Self::new("score", &days, today, (0.0, 100.0), y.into(), show)
    }

    /// Of AUM, on an axis that fits the amounts.
    pub(crate) fn of_aum(history: &[HistoryPoint], today: Date) -> Self {
        let days = days(history, today, |point| amount(point.aum_usd));
        let (low, high, step) = axis(&days);
        let (unit, name) = unit(high);
        let digits = digits(step / unit);
        let y = labels(low, high, step).map(|value| Label {
            at: (value - low) / (high - low),
            text: decimals(value / unit, digits),
        });
        let show = |value| usd(value).unwrap_or_default();
        let chart = Self::new("AUM", &days, today, (low, high), y.collect(), show);
        Self {
            unit: format!("USD {name}").trim_end().to_owned(),
            ..chart
        }
    }

    fn new(
        what: &str,
        days: &Days,
        today: Date,
        (low, high): (f64, f64),
        y: Vec<Label>,
        show: impl Fn(f64) -> String,
    ) -> Self {
        let place = |(day, value): (&u8, &f64)| {
            let y = ((value - low) / (high - low)).clamp(0.0, 1.0);
            (f64::from(*day) / f64::from(LAST), y)
        };
        let sentence = match (days.len(), days.first_key_value()) {
            (0, _) | (_, None) => Some(format!(
                "No {what} is recorded for these {} days.",
                ReportData::DAYS
            )),
            (1, Some((day, value))) => Some(format!(
                "Only one {what} is recorded for these {} days: {} on {}.",
                ReportData::DAYS,
                show(*value),
                short_date(date_at(*day, today)),
            )),
            _ => None,
        };
        let ends = days.first_key_value().zip(days.last_key_value());
        let line = ends.map(|((first, from), (last, to))| {
            let day = |at: &u8| short_date(date_at(*at, today));
            let (from, to) = (show(*from), show(*to));
            format!(
                "Line of the {what}: {from} on {}, {to} on {}, with {} days recorded.",
                day(first),
                day(last),
                days.len()
            )
        });
        let last = days.last_key_value().map(|(day, value)| {
            let (x, y) = place((day, value));
            (x, y, show(*value))
        });
        Self {
            unit: String::new(),
            alt: sentence.clone().or(line).unwrap_or_default(),
            sentence,
            segments: segments(days, place),
            x: day_labels(today),
            y,
            last,
        }
    }
}

/// Lines of consecutive days.
fn segments(days: &Days, place: impl Fn((&u8, &f64)) -> (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    let mut segments: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut before = None;
    for (day, value) in days {
        let is_next = before.is_some() && before == day.checked_sub(1);
        match segments.last_mut().filter(|_| is_next) {
            Some(segment) => segment.push(place((day, value))),
            None => segments.push(vec![place((day, value))]),
        }
        before = Some(*day);
    }
    segments
}

/// Of several points of a day the last.
fn days(history: &[HistoryPoint], today: Date, of: impl Fn(&HistoryPoint) -> Option<f64>) -> Days {
    let day = |point: &HistoryPoint| {
        let hours = midnight(today)
            .duration_since(midnight(point.day))
            .as_hours();
        u8::try_from(hours / 24).ok().filter(|_| hours >= 0)
    };
    let days = history.iter().filter_map(|point| {
        let day = LAST.checked_sub(day(point)?)?;
        Some((day, of(point)?))
    });
    days.collect()
}

fn date_at(day: u8, today: Date) -> Date {
    let back = u64::from(LAST - day.min(LAST));
    let at = midnight(today).checked_sub(Duration::from_hours(24 * back));
    at.map_or(today, date_of)
}

fn day_labels(today: Date) -> Vec<Label> {
    let days = (0..=LAST).rev().step_by(usize::from(DAYS_PER_LABEL));
    let label = |day: u8| Label {
        at: f64::from(day) / f64::from(LAST),
        text: short_date(date_at(day, today)),
    };
    days.map(label).collect()
}

/// The least and the greatest amount of an axis that has room for all values, and the step of its labels.
fn axis(days: &Days) -> (f64, f64, f64) {
    // Beyond it amounts are not shown anyway, and a difference of two could be infinite.
    let values = || days.values().map(|value| value.min(1e15));
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(0.0, f64::max);
    if low > high {
        return (0.0, 1.0, 0.5);
    }
    // A change of a hundredth fills a quarter of the chart, so that noise does not look like a crash.
    let span = (high - low).max(high * 0.04).max(1.0);
    let middle = f64::midpoint(low, high);
    let (low, high) = ((middle - span / 2.0).max(0.0), middle + span / 2.0);
    let step = step((high - low) / LABELS);
    (
        (low / step).floor() * step,
        (high / step).ceil() * step,
        step,
    )
}

/// The next larger of 1, 2, 5, 10, 20, …
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let step = STEPS
        .iter()
        .map(|step| step * power)
        .find(|step| *step >= least * 0.999);
    step.unwrap_or(power * 10.0)
}

fn labels(low: f64, high: f64, step: f64) -> impl Iterator<Item = f64> {
    (0..=20)
        .map(move |at| low + f64::from(at) * step)
        .take_while(move |value| *value <= high + step * 0.01)
}

/// The decimals that tell two labels apart.
fn digits(step: f64) -> usize {
    let places = [1.0, 0.1, 0.01, 0.001]
        .iter()
        .position(|place| step >= place * 0.999);
    places.unwrap_or(3)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fixtures::days_ago;

    fn today() -> Date {
        date_of(days_ago(0))
    }

    fn point(days: u64, score: u8, aum_usd: f64) -> HistoryPoint {
        HistoryPoint {
            day: date_of(days_ago(days)),
            score: Some(score),
            aum_usd: Some(aum_usd),
        }
    }

    #[test]
    fn a_day_without_a_value_ends_a_segment() {
        let history = [89, 88, 86, 3, 1, 0].map(|days| point(days, 50, 1.0));
        let chart = Chart::of_scores(&history, today());
        let lengths: Vec<usize> = chart.segments.iter().map(Vec::len).collect();
        assert_eq!(lengths, [2, 1, 1, 2]);
        assert_eq!(chart.segments[0][0], (0.0, 0.5));
        assert_eq!(chart.last, Some((1.0, 0.5, "50".to_owned())));
        assert_eq!(chart.sentence, None);
        assert_eq!(
            chart.alt,
            "Line of the score: 50 on 25 Aug, 50 on 22 Nov, with 6 days recorded."
        );
    }

    #[test]
    fn the_last_point_of_a_day_counts_and_a_score_is_at_most_100() {
        let history = [point(1, 10, 1.0), point(0, 20, 1.0), point(0, 255, 1.0)];
        let chart = Chart::of_scores(&history, today());
        assert_eq!(chart.segments, [[(88.0 / 89.0, 0.1), (1.0, 1.0)]]);
        assert_eq!(chart.last.unwrap().2, "100");
    }

    fn check_axis(amounts: &[f64], expected: &Expect) {
        let history: Vec<_> = (0..)
            .zip(amounts)
            .map(|(days, aum)| point(days, 0, *aum))
            .collect();
        let chart = Chart::of_aum(&history, today());
        let labels: Vec<_> = chart.y.iter().map(|label| &*label.text).collect();
        let ends = [chart.y.first(), chart.y.last()].map(|label| label.unwrap().at);
        assert!(
            ends[0].abs() < 1e-9 && (ends[1] - 1.0).abs() < 1e-6,
            "{ends:?}"
        );
        let places = chart.segments.iter().flatten();
        assert!(places.clone().all(|(_, y)| (0.0..=1.0).contains(y)));
        expected.assert_eq(&format!("{}: {}", chart.unit, labels.join(" ")));
    }

    #[test]
    fn the_axis_of_amounts_fits_them() {
        check_axis(
            &[450e6, 452e6],
            &expect!["USD million: 440 445 450 455 460 465"],
        );
        check_axis(
            &[380e6, 452e6],
            &expect!["USD million: 380 400 420 440 460"],
        );
        check_axis(&[0.0, 2.4e9], &expect!["USD billion: 0 1 2 3"]);
        check_axis(
            &[12_345.0, 12_345.0],
            &expect!["USD: 12,000 12,200 12,400 12,600"],
        );
        check_axis(&[0.0, 0.0], &expect!["USD: 0.0 0.2 0.4 0.6"]);
        check_axis(&[1e-300, 0.3], &expect!["USD: 0.0 0.2 0.4 0.6 0.8"]);
        check_axis(
            &[999e9, 1001e9],
            &expect!["USD trillion: 0.97 0.98 0.99 1.00 1.01 1.02 1.03"],
        );
        check_axis(&[1.0, f64::MAX], &expect!["USD trillion: 0 500 1,000"]);
        check_axis(
            &[f64::MAX, f64::MAX],
            &expect!["USD trillion: 980 990 1,000 1,010 1,020"],
        );
        check_axis(&[], &expect!["USD: 0.0 0.5 1.0"]);
    }
}
