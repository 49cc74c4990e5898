//! Domain events from the change between two states of a protocol.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::{Anomaly, CountryCode, Reading, Tier};

/// What events are derived from: a protocol at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Its score, 0 to 100, if it has one.
    pub score: Option<u8>,
    /// Its last good reading, if there is one.
    pub aum: Option<Reading>,
    /// Good readings of the 24 hours before it, from that of the last `aum_change` on, so that one change is reported once; in any
    /// order. Others are not looked at.
    pub aum_before: Vec<Reading>,
    /// Where its issuing entity is domiciled.
    pub jurisdiction: Option<CountryCode>,
    /// Whether it can be bought and redeemed.
    pub status: Option<Status>,
    /// Whether its data are older than the SLA of their source.
    pub stale: bool,
    /// Why its scoring is paused, if it is.
    pub paused: Option<Anomaly>,
}

/// Whether a protocol can be bought and redeemed. In JSON such as `winding_down`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ProtocolStatus")]
pub enum Status {
    /// It can.
    Active,
    /// Not for the time being: gated, or stopped by a supervisor.
    Suspended,
    /// It can be redeemed only.
    WindingDown,
    /// It has ended.
    Closed,
}

/// What has happened to a protocol. In JSON `type` has the name by which webhooks subscribe to it.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(rename = "ProtocolChange")]
pub enum Event {
    /// Its score has changed by the threshold or more.
    ScoreChange {
        /// Points before.
        from: u8,
        /// Points now.
        to: u8,
        /// Points of change, −100 to 100, not 0.
        change: i16,
    },
    /// Its tier has changed.
    TierChange {
        /// The tier before.
        from: Tier,
        /// The tier now.
        to: Tier,
    },
    /// Its AUM has changed by more than 10 % within 24 hours.
    AumChange {
        /// US dollars then.
        from: f64,
        /// When that was.
        since: Timestamp,
        /// US dollars now.
        to: f64,
        /// The change as a share of `from`: −1 to any positive number.
        change: f64,
    },
    /// Its jurisdiction or status has changed.
    ComplianceAlert {
        /// What.
        alert: Compliance,
    },
    /// Its data are older than the SLA of their source.
    DataStale {
        /// The last good reading, if there is one.
        last_good: Option<Reading>,
    },
    /// Its scoring was paused, or goes on.
    CircuitBreaker {
        /// Why it was paused; none if it goes on.
        reason: Option<Anomaly>,
        /// Whether it is paused.
        paused: bool,
    },
}

/// What a compliance alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "field", rename_all = "snake_case")]
#[schemars(rename = "ComplianceChange")]
pub enum Compliance {
    /// Another jurisdiction.
    Jurisdiction {
        /// The jurisdiction before.
        from: CountryCode,
        /// The jurisdiction now.
        to: CountryCode,
    },
    /// Another status.
    Status {
        /// The status before.
        from: Status,
        /// The status now.
        to: Status,
    },
}

/// The change of AUM within a day above which it is an event, as a share.
const AUM_CHANGE: f64 = 0.10;

/// The events of a change, in the order of the table of events. `threshold`: the points, 1 or more, from which on a change of score is one.
///
/// What becomes known, or is no longer known, has not changed: a first score, a first jurisdiction raises nothing. A slow drift is found by
/// passing as `before` the score that was last reported, as watchers do who have a threshold of their own.
pub fn events(before: &State, after: &State, threshold: u8) -> Vec<Event> {
    let scores = before.score.zip(after.score);
    let status = before
        .status
        .zip(after.status)
        .filter(|(from, to)| from != to);
    let moved = before
        .jurisdiction
        .zip(after.jurisdiction)
        .filter(|(from, to)| from != to);
    let stale = after.stale && !before.stale;
    let compliance = [
        moved.map(|(from, to)| Compliance::Jurisdiction { from, to }),
        status.map(|(from, to)| Compliance::Status { from, to }),
    ];
    [
        scores.and_then(|(from, to)| score_change(from, to, threshold)),
        scores.and_then(|(from, to)| tier_change(from, to)),
        aum_change(before, after),
    ]
    .into_iter()
    .chain(compliance.map(|alert| alert.map(|alert| Event::ComplianceAlert { alert })))
    .chain([
        stale.then_some(Event::DataStale {
            last_good: after.aum,
        }),
        breaker(before.paused, after.paused),
    ])
    .flatten()
    .collect()
}

fn score_change(from: u8, to: u8, threshold: u8) -> Option<Event> {
    let is_notable = from.abs_diff(to) >= threshold.max(1);
    let change = i16::from(to) - i16::from(from);
    is_notable.then_some(Event::ScoreChange { from, to, change })
}

fn tier_change(from: u8, to: u8) -> Option<Event> {
    let (from, to) = (Tier::of(from), Tier::of(to));
    (from != to).then_some(Event::TierChange { from, to })
}

/// The largest change of a new reading from one of the 24 hours up to it.
fn aum_change(before: &State, after: &State) -> Option<Event> {
    let now = after.aum?;
    if before.aum.is_some_and(|before| before.at >= now.at) {
        return None;
    }
    let day = SignedDuration::from_hours(24);
    let usable = |reading: &&Reading| {
        let age = now.at.duration_since(reading.at);
        reading.aum_usd.is_finite() && reading.aum_usd > 0.0 && age.is_positive() && age <= day
    };
    let share = |from: &Reading| now.aum_usd / from.aum_usd - 1.0;
    let readings = after.aum_before.iter().chain(&before.aum).filter(usable);
    let (change, from) = readings
        .map(|from| (share(from), from))
        .filter(|(change, _)| change.is_finite())
        .max_by(|(a, from), (b, other)| a.abs().total_cmp(&b.abs()).then(from.at.cmp(&other.at)))?;
    // 1.1 / 1.0 is a little more than 1.1 in floating point.
    (change.abs() > AUM_CHANGE + 1e-9).then_some(Event::AumChange {
        from: from.aum_usd,
        since: from.at,
        to: now.aum_usd,
        change,
    })
}

/// A pause that gets another reason is the same pause.
const fn breaker(before: Option<Anomaly>, after: Option<Anomaly>) -> Option<Event> {
    match (before, after) {
        (None, Some(_)) => Some(Event::CircuitBreaker {
            reason: after,
            paused: true,
        }),
        (Some(_), None) => Some(Event::CircuitBreaker {
            reason: None,
            paused: false,
        }),
        _ => None,
    }
}

impl Event {
    /// The name by which webhooks subscribe to it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ScoreChange { .. } => "score_change",
            Self::TierChange { .. } => "tier_change",
            Self::AumChange { .. } => "aum_change",
            Self::ComplianceAlert { .. } => "compliance_alert",
            Self::DataStale { .. } => "data_stale",
            Self::CircuitBreaker { .. } => "circuit_breaker",
        }
    }
}

#[cfg(test)]
mod tests;
