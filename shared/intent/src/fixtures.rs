//! What the tests of this crate share.

use jiff::SignedDuration;
use types::{Domain, Timestamp};

use crate::{Kind, Numbers, Signal, Strength};

pub(crate) fn now() -> Timestamp {
    "2026-05-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(days * 24)
}

pub(crate) fn domain() -> Domain {
    Domain::parse("example.com").unwrap()
}

pub(crate) fn signal(kind: Kind, strength: f64, age_days: i64) -> Signal {
    Signal {
        kind,
        strength: Strength::new(strength).unwrap(),
        observed_at: days_ago(age_days),
        source: "sample".to_owned(),
        external_id: format!("{kind}-{age_days}"),
        evidence: format!("Seen in {kind}"),
        url: None,
    }
}

pub(crate) fn numbers(signals: &[Signal]) -> Vec<Numbers> {
    signals.iter().map(Numbers::from).collect()
}
