//! Whether scores of the past were followed by what they say.

mod calibration;
mod case;
mod correlation;
mod report;
mod results;
mod series;
mod tiers;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use types::{Date, ProtocolSlug, Timestamp};

pub use calibration::TierCalibration;
pub use correlation::Correlation;
pub use report::{Backtest, Baseline};
pub use results::ProtocolResult;

/// What was known of a protocol on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// The UTC day.
    pub date: Date,
    /// When this was computed. A score that was computed more than two days after its day's beginning is not used: it may have seen
    /// what came later.
    pub computed_at: Timestamp,
    /// The score of that day, 0 to 100, if it had one.
    pub score: Option<u8>,
    /// AUM of that day, US dollars, if known and good.
    pub aum_usd: Option<f64>,
    /// Whether redemptions took longer than the terms say, if known.
    pub redemption_delayed: Option<bool>,
}

/// A protocol with its snapshots, at most one a day, in any order.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// What it is called in paths. A slug is there once.
    pub slug: ProtocolSlug,
    /// Its full name.
    pub name: String,
    /// What was known of it. Snapshots before the period give last month's change; those after its end are not looked at.
    pub snapshots: Vec<Snapshot>,
}

/// What a backtest is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its last day: nothing after it is looked at.
    pub end: Date,
    /// Days back from `end`, 7 to 365: the first day is `end` − `days_back`.
    pub days_back: u16,
    /// Of the bootstrap samples.
    pub seed: u64,
}

/// Bounds of `days_back`.
pub const DAYS_BACK: std::ops::RangeInclusive<u16> = 7..=365;

/// Days from a score to the outcome that it is compared with. A shorter period has a shorter horizon: the whole of it.
const HORIZON_DAYS: i32 = 30;

/// Days of last month's change.
const MONTH: usize = 30;

/// The share of AUM that must be lost within the horizon to be a drawdown.
const DRAWDOWN: f64 = 0.2;

/// The backtest of a period. The order of tracks does not matter.
///
/// Scores are taken on the days `start`, `start` + *H*, `start` + 2 *H*, … with the horizon *H* = 30 days, as long as the outcome is
/// in the period, so that no two outcomes of a protocol overlap. A **case** is a protocol on such a day that has a score and AUM
/// there, and AUM at the outcome. Missing days are filled with the last value of up to seven days before.
pub fn backtest(tracks: &[Track], period: Period) -> Backtest {
    let mut ordered: Vec<&Track> = tracks.iter().collect();
    ordered.sort_by(|a, b| a.slug.cmp(&b.slug));
    let frame = series::Frame::of(period);
    let series: Vec<series::Series> = ordered.iter().map(|track| frame.series(track)).collect();
    report::report(&frame, &ordered, &series, period.seed)
}
