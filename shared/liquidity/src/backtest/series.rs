use types::{Date, Timestamp, midnight};

use super::{DAYS_BACK, HORIZON_DAYS, Period, Snapshot, Track};
use crate::number::amount;

/// Days of past before the period that last month's change needs.
const BEFORE: i32 = 37;
/// Days up to which a value stands for days without one.
const FILLED: usize = 7;

/// The days of a backtest, numbered from 0: the first of them is [`BEFORE`] days before the period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) start: Date,
    pub(crate) end: Date,
    pub(crate) horizon: usize,
    first: Date,
    days: usize,
}

/// A protocol by days of the frame.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// The score of each day, with gaps filled.
    scores: Vec<Option<u8>>,
    /// AUM of each day, with gaps filled.
    aum: Vec<Option<f64>>,
    /// AUM of the days on which it is known.
    known_aum: Vec<Option<f64>>,
    /// Days on which redemptions were late.
    delayed: Vec<bool>,
    /// The scores of days in the period as they are, oldest first.
    pub(crate) own_scores: Vec<u8>,
}

impl Frame {
    pub(crate) fn of(period: Period) -> Self {
        let back = i32::from(period.days_back.clamp(*DAYS_BACK.start(), *DAYS_BACK.end()));
        let start = minus(period.end, back);
        let first = minus(start, BEFORE);
        Self {
            start,
            end: period.end,
            horizon: usize::try_from(back.min(HORIZON_DAYS)).unwrap_or(0),
            days: usize::try_from(days_between(first, period.end) + 1).unwrap_or(0),
            first,
        }
    }

    /// The days on which scores are taken.
    pub(crate) fn decisions(&self) -> Vec<usize> {
        let start = usize::try_from(days_between(self.first, self.start)).unwrap_or(0);
        let last = self.last();
        (start..=last)
            .step_by(self.horizon.max(1))
            .filter(|day| day + self.horizon <= last)
            .collect()
    }

    /// The last day.
    pub(crate) const fn last(&self) -> usize {
        self.days.saturating_sub(1)
    }

    /// The track by days. What is dated outside of the frame, and what was computed later than its day, is left out.
    pub(crate) fn series(&self, track: &Track) -> Series {
        let mut series = Series {
            scores: vec![None; self.days],
            aum: vec![None; self.days],
            known_aum: vec![None; self.days],
            delayed: vec![false; self.days],
            own_scores: Vec::new(),
        };
        for snapshot in &track.snapshots {
            if let Some(day) = self.day(snapshot.date) {
                series.put(day, snapshot);
            }
        }
        // Scores of before the period are not of it.
        let before = usize::try_from(BEFORE).unwrap_or(0);
        series
            .scores
            .iter_mut()
            .take(before)
            .for_each(|score| *score = None);
        series.own_scores = series.scores.iter().flatten().copied().collect();
        series.known_aum.clone_from(&series.aum);
        fill(&mut series.scores);
        fill(&mut series.aum);
        series
    }

    fn day(&self, date: Date) -> Option<usize> {
        let day = usize::try_from(days_between(self.first, date)).ok()?;
        (day < self.days).then_some(day)
    }
}

impl Series {
    fn put(&mut self, day: usize, snapshot: &Snapshot) {
        if let Some(score) = self.scores.get_mut(day) {
            *score = snapshot
                .score
                .filter(|score| *score <= 100 && is_of_its_day(snapshot));
        }
        if let Some(aum) = self.aum.get_mut(day) {
            *aum = amount(snapshot.aum_usd);
        }
        if let Some(delayed) = self.delayed.get_mut(day) {
            *delayed = snapshot.redemption_delayed == Some(true);
        }
    }

    pub(crate) fn score(&self, day: usize) -> Option<u8> {
        self.scores.get(day).copied().flatten()
    }

    pub(crate) fn aum(&self, day: usize) -> Option<f64> {
        self.aum.get(day).copied().flatten()
    }

    /// The least known AUM after `day`, up to `until`.
    pub(crate) fn least_aum(&self, day: usize, until: usize) -> Option<f64> {
        let days = self.known_aum.get(day + 1..=until)?;
        days.iter().flatten().copied().min_by(f64::total_cmp)
    }

    /// Whether redemptions were late after `day`, up to `until`.
    pub(crate) fn was_delayed(&self, day: usize, until: usize) -> bool {
        let days = self.delayed.get(day + 1..=until);
        days.is_some_and(|days| days.contains(&true))
    }
}

/// Two days from the beginning of its day: time for a run after midnight, and none for a look at what came later.
fn is_of_its_day(snapshot: &Snapshot) -> bool {
    let deadline: Timestamp = midnight(minus(snapshot.date, -2));
    snapshot.computed_at < deadline
}

/// Fills each gap of up to [`FILLED`] days with the value before it.
fn fill<T: Copy>(values: &mut [Option<T>]) {
    let (mut last, mut age) = (None, 0);
    for value in values {
        if value.is_some() {
            (last, age) = (*value, 0);
        } else {
            age += 1;
            if age <= FILLED {
                *value = last;
            }
        }
    }
}

fn minus(date: Date, days: i32) -> Date {
    let end = if days > 0 { Date::MIN } else { Date::MAX };
    date.checked_sub(jiff::Span::new().days(days))
        .unwrap_or(end)
}

/// Days from one date to another, negative if it is before.
fn days_between(from: Date, to: Date) -> i32 {
    let hours = to.duration_since(from).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX)
}
