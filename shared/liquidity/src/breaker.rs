//! What keeps anomalous input from scores.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::robust::{NORMAL, median, median_and_mad};
use crate::{Cadence, Reading};

/// Good readings that are kept, as the norm to judge by.
const KEPT: usize = 31;
/// Good readings from which on jumps are judged: a product that begins has no norm.
const MIN_KEPT: usize = 8;
/// The least change, as the absolute logarithm of the ratio, that may be a jump: to a half, or to double.
const LEAST_JUMP: f64 = std::f64::consts::LN_2;
/// Standard deviations of the daily change, estimated robustly, from which on a change is a jump.
const DEVIATIONS: f64 = 6.0;
/// Readings in a row on one level that confirm a jump.
const CONFIRMING: usize = 3;
/// SLAs without a reading after which scoring is paused.
const GAP_SLAS: i32 = 3;

/// Why input is anomalous. In JSON such as `drop_to_zero`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CircuitBreakerReason")]
pub enum Anomaly {
    /// 0 after readings above it: a feed that fails and a product that has ended look alike.
    DropToZero,
    /// Far below the last good reading.
    Drop,
    /// Far above it.
    Spike,
    /// No reading for three times the SLA of the source.
    Gap,
    /// Negative or not finite.
    Invalid,
}

/// Why and since when a protocol is paused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub reason: Anomaly,
    /// Since when: the time of the reading, or of the check that found the gap.
    pub since: Timestamp,
    /// Readings since then that are on another level than the last good one, at most three, oldest first.
    pub held: Vec<Reading>,
}

/// The circuit breaker of a protocol: its last good readings, and whether it is paused. A new one is `default()`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Breaker {
    /// The last good readings, at most 31, oldest first.
    good: Vec<Reading>,
    /// Why it is paused, if it is.
    pause: Option<Pause>,
}

/// What became of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It is good.
    Accepted,
    /// It is not newer than what is known.
    Ignored,
    /// It is anomalous, and the protocol is paused from now on.
    Paused(Anomaly),
    /// The protocol stays paused.
    StillPaused,
    /// It is good, or confirms another level, and the protocol is no longer paused.
    Resumed,
}

impl Breaker {
    /// The last reading that scores may use.
    pub fn last_good(&self) -> Option<Reading> {
        self.good.last().copied()
    }

    /// The last good readings, at most 31, oldest first.
    pub fn good(&self) -> &[Reading] {
        &self.good
    }

    /// Why it is paused, if it is.
    pub const fn pause(&self) -> Option<&Pause> {
        self.pause.as_ref()
    }

    /// Takes in a reading. Readings come in the order of their times; one that does not is ignored.
    ///
    /// A reading is a jump if its change from the last good one, |ln(*a* / *b*)|, is above the larger of ln 2 and, over *d* days,
    /// (|*m*| + 6 · 1.4826 · MAD) · √*d*, where *m* and MAD are median and median absolute deviation of the changes between the last 31
    /// good readings, each divided by the root of its own days (the identifier of Hampel; Davies and Gather, *Journal of the American
    /// Statistical Association* 88, 1993). The protocol resumes with a reading that is no jump from the last good one, or with the third in a
    /// row on one level (each within a factor of 2 of their median). 0 confirms nothing.
    pub fn observe(&mut self, reading: Reading) -> Step {
        if self.newest().is_some_and(|newest| reading.at <= newest) {
            return Step::Ignored;
        }
        if !reading.aum_usd.is_finite() || reading.aum_usd < 0.0 {
            return self.hold(Anomaly::Invalid, reading.at, None);
        }
        let Some(last) = self.last_good() else {
            // Not begun yet, or its first.
            if reading.aum_usd > 0.0 {
                self.good.push(reading);
            }
            return self.resumed();
        };
        if reading.aum_usd <= 0.0 {
            return self.hold(Anomaly::DropToZero, reading.at, None);
        }
        let change = (reading.aum_usd / last.aum_usd).ln();
        if change.abs() > self.limit(days(last.at, reading.at)) {
            let anomaly = if change < 0.0 {
                Anomaly::Drop
            } else {
                Anomaly::Spike
            };
            return self.hold(anomaly, reading.at, Some(reading));
        }
        self.accept(&[reading]);
        self.resumed()
    }

    /// Looks for a gap at `now`, for a source of this cadence.
    pub fn check(&mut self, now: Timestamp, cadence: Cadence) -> Step {
        let longest = cadence
            .sla()
            .checked_mul(GAP_SLAS)
            .unwrap_or(SignedDuration::MAX);
        let is_gap = |newest| now.duration_since(newest) > longest;
        match self.newest() {
            Some(newest) if self.pause.is_none() && is_gap(newest) => {
                self.hold(Anomaly::Gap, now, None)
            }
            _ if self.pause.is_some() => Step::StillPaused,
            _ => Step::Accepted,
        }
    }

    /// Resumes by the operator's word. Held readings become good ones.
    pub fn resume(&mut self) -> Step {
        let Some(pause) = self.pause.take() else {
            return Step::Accepted;
        };
        self.accept(&pause.held);
        Step::Resumed
    }

    /// The time of the newest reading that is known.
    fn newest(&self) -> Option<Timestamp> {
        let held = self.pause.as_ref().and_then(|pause| pause.held.last());
        held.or(self.good.last()).map(|reading| reading.at)
    }

    fn resumed(&mut self) -> Step {
        if self.pause.take().is_some() {
            Step::Resumed
        } else {
            Step::Accepted
        }
    }

    fn accept(&mut self, readings: &[Reading]) {
        self.good.extend_from_slice(readings);
        let surplus = self.good.len().saturating_sub(KEPT);
        self.good.drain(..surplus);
    }

    /// Pauses, or stays paused, until a level is confirmed.
    fn hold(&mut self, reason: Anomaly, since: Timestamp, reading: Option<Reading>) -> Step {
        let Some(pause) = &mut self.pause else {
            let held = reading.into_iter().collect();
            self.pause = Some(Pause {
                reason,
                since,
                held,
            });
            return Step::Paused(reason);
        };
        match reading {
            // What is no level at all interrupts the confirmation of one.
            None if reason != Anomaly::Gap => pause.held.clear(),
            None => {}
            Some(reading) => pause.held.push(reading),
        }
        if confirms(&pause.held) {
            let held = std::mem::take(&mut pause.held);
            self.accept(&held);
            return self.resumed();
        }
        if pause.held.len() == CONFIRMING {
            pause.held.remove(0);
        }
        Step::StillPaused
    }

    /// The largest change over these days that is no jump, as an absolute logarithm.
    fn limit(&self, days: f64) -> f64 {
        if self.good.len() < MIN_KEPT {
            return f64::INFINITY;
        }
        let pairs = self.good.iter().zip(self.good.iter().skip(1));
        let mut changes: Vec<f64> = pairs
            .map(|(from, to)| (to.aum_usd / from.aum_usd).ln() / self::days(from.at, to.at).sqrt())
            .collect();
        let (middle, mad) = median_and_mad(&mut changes).unwrap_or_default();
        let usual = middle.abs() + DEVIATIONS * NORMAL * mad;
        (usual * days.sqrt()).max(LEAST_JUMP)
    }
}

/// Whether readings are enough and on one level.
fn confirms(held: &[Reading]) -> bool {
    let mut levels: Vec<f64> = held.iter().map(|reading| reading.aum_usd.ln()).collect();
    let middle = median(&mut levels).unwrap_or_default();
    held.len() >= CONFIRMING
        && levels
            .iter()
            .all(|level| (level - middle).abs() <= LEAST_JUMP)
}

/// Days from one time to a later one, above 0.
fn days(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64().max(1.0) / 86_400.0
}

#[cfg(test)]
mod tests;
