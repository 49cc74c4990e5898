use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Date;

use crate::number::rounded;

/// Days of a window.
const WINDOW: i64 = 30;
/// Days up to which a value stands for days without one.
const FILLED: i64 = 7;
/// The least share of the portfolio's value that must be known in a window.
const MIN_COVERAGE: f64 = 0.5;

/// The 30 days in which most was withdrawn from what is held: the change of AUM of each protocol, weighted by the value of the
/// positions of today. It says how others ran, not what prices did.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct StressWindow {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The change as a share: −1 to any positive number, rounded to four decimals.
    pub change: f64,
    /// The share of the portfolio's value that it is known of, half or more.
    pub coverage: f64,
}

/// The worst window; none if half of the value is known in none. Of equal windows the earliest.
pub(crate) fn worst(positions: &[(f64, &[(Date, f64)])]) -> Option<StressWindow> {
    let total: f64 = positions.iter().map(|(value, _)| value).sum();
    let mut windows: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for (value, history) in positions {
        for (day, retention) in retentions(history) {
            let (sum, known) = windows.entry(day).or_default();
            *sum += value * retention;
            *known += value;
        }
    }
    let covered = windows
        .into_iter()
        .filter(|(_, (_, known))| known / total >= MIN_COVERAGE - 1e-9);
    let changes = covered.map(|(day, (sum, known))| (day, sum / known - 1.0, known / total));
    let (day, change, coverage) = changes.min_by(|a, b| {
        rounded(a.1, 6)
            .total_cmp(&rounded(b.1, 6))
            .then(a.0.cmp(&b.0))
    })?;
    Some(StressWindow {
        from: date(day)?,
        to: date(day + WINDOW)?,
        change: rounded(change, 4),
        coverage: rounded(coverage.min(1.0), 4),
    })
}

/// For each day: AUM 30 days later as a multiple of that of the day.
fn retentions(history: &[(Date, f64)]) -> impl Iterator<Item = (i64, f64)> {
    let good = history
        .iter()
        .filter(|(_, aum)| aum.is_finite() && *aum > 0.0);
    let known: BTreeMap<i64, f64> = good.map(|(date, aum)| (number(*date), *aum)).collect();
    let at = move |day: i64| {
        known
            .range(day - FILLED..=day)
            .next_back()
            .map(|(_, aum)| *aum)
    };
    let first = history
        .iter()
        .map(|(date, _)| number(*date))
        .min()
        .unwrap_or(0);
    let last = history
        .iter()
        .map(|(date, _)| number(*date))
        .max()
        .unwrap_or(-1);
    (first..=last - WINDOW).filter_map(move |day| {
        let retention = at(day + WINDOW)? / at(day)?;
        retention.is_finite().then_some((day, retention.min(1e9)))
    })
}

/// Days since 1970.
fn number(date: Date) -> i64 {
    Date::constant(1970, 1, 1).duration_until(date).as_hours() / 24
}

fn date(number: i64) -> Option<Date> {
    let days = jiff::Span::new().try_days(number).ok()?;
    Date::constant(1970, 1, 1).checked_add(days).ok()
}
