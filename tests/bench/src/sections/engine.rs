//! The scoring engine alone: scores a second on one core.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use intent::{Kind, Signal, Strength};
use jiff::{SignedDuration, Timestamp};
use types::Domain;

use super::Context;
use crate::report::{Section, Table, Unit};
use crate::sample::Sample;

const EACH: Duration = Duration::from_millis(800);
const RUNS: usize = 5;

pub(super) fn run(_: &Context) -> Result<Section> {
    let domain = Domain::parse("example.com")?;
    let now: Timestamp = "2026-11-15T12:00:00Z".parse()?;
    let mut table = Table::new(
        "Scores on one core, the median of five runs",
        &[("scores", Unit::PerSecond), ("a score", Unit::Microseconds)],
    );
    for count in [0, 1, 5, 25, 100, 1_000] {
        let signals = signals(count, now)?;
        let rates: Sample = (0..RUNS)
            .map(|_| rate(|| black_box(intent::score(&domain, black_box(&signals), now))))
            .collect();
        let median = rates.median();
        table.row(
            &format!("{count} signals"),
            [median, median.map(|rate| 1e6 / rate)],
        );
    }
    Ok(Section {
        title: "The engine".to_owned(),
        tables: vec![table],
        checks: Vec::new(),
        notes: Vec::new(),
    })
}

/// Calls a second of `work`.
fn rate<T>(work: impl Fn() -> T) -> f64 {
    let (started, mut calls) = (Instant::now(), 0_u32);
    while started.elapsed() < EACH {
        for _ in 0..64 {
            work();
        }
        calls += 64;
    }
    f64::from(calls) / started.elapsed().as_secs_f64()
}

/// Signals of all kinds, a few days apart.
fn signals(count: usize, now: Timestamp) -> Result<Vec<Signal>> {
    let kinds = Kind::ALL.iter().cycle();
    (0..)
        .zip(kinds)
        .take(count)
        .map(|(index, kind)| {
            Ok(Signal {
                kind: *kind,
                strength: Strength::new(0.6)?,
                observed_at: now - SignedDuration::from_hours(24 * 3 * index),
                source: "bench".to_owned(),
                external_id: format!("{index}"),
                evidence: "Senior Platform Engineer, Payments".to_owned(),
                url: Some(format!("https://example.com/{index}")),
            })
        })
        .collect()
}
