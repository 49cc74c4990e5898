//! The backtest of liquidity scores on one core: a year of a thousand protocols, beside numpy and scipy.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use jiff::civil::Date;
use liquidity::{Backtest, Period, Snapshot, Track, backtest};
use serde::Deserialize;

use super::Context;
use crate::process::output;
use crate::report::{Bound, Check, Section, Table, Unit};
use crate::sample::Sample;

const PROTOCOLS: u32 = 1_000;
const DAYS_BACK: u16 = 365;
/// Days before the period that last month's change needs.
const BEFORE: i32 = 37;
const RUNS: usize = 5;
const TARGET_MS: f64 = 300.0;

/// What the peer prints.
#[derive(Deserialize)]
struct Peer {
    numpy: [f64; 3],
    scipy: [f64; 3],
    numpy_ms: f64,
    scipy_ms: f64,
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let tracks = tracks()?;
    let period = Period {
        end: Date::constant(2026, 7, 1),
        days_back: DAYS_BACK,
        seed: 1,
    };
    let ours: Sample = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            black_box(backtest(black_box(&tracks), period));
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let peer = peer(context, &tracks)?;
    agree(&backtest(&tracks, period), &peer)?;
    let median = ours.median();
    let mut table = Table::new(
        "A backtest of 365 days and 1,000 protocols",
        &[
            ("all of it", Unit::Milliseconds),
            ("times ours", Unit::Times),
        ],
    );
    let rows = [
        ("assay", median),
        (
            "numpy, the same method, correlations only",
            Some(peer.numpy_ms),
        ),
        (
            "scipy spearmanr for each sample, correlations only",
            Some(peer.scipy_ms),
        ),
    ];
    for (subject, figure) in rows {
        let times = figure.zip(median).map(|(figure, ours)| figure / ours);
        table.row(subject, [figure, times]);
    }
    Ok(Section {
        title: "The backtest".to_owned(),
        tables: vec![table],
        checks: vec![Check {
            what: "a backtest of 365 days and 1,000 protocols".to_owned(),
            figure: median.unwrap_or(f64::INFINITY),
            unit: Unit::Milliseconds,
            bound: Bound::AtMost(TARGET_MS),
            fails: false,
        }],
        notes: vec![
            "One core each, 1,000 bootstrap samples; the median of five runs, of scipy a tenth of the samples, times ten.".to_owned(),
            "All three give the same coefficients to four decimals.".to_owned(),
        ],
    })
}

/// A walk of AUM for each protocol, and a score that knows a little of it.
fn tracks() -> Result<Vec<Track>> {
    let last = i32::from(DAYS_BACK) + BEFORE;
    let end = Date::constant(2026, 7, 1);
    (0..PROTOCOLS)
        .map(|protocol| {
            let mut state = u64::from(protocol) + 1;
            let mut aum = 1e6 * 1.01_f64.powi(i32::try_from(protocol % 997)?);
            let mut snapshots = Vec::with_capacity(usize::try_from(last)? + 1);
            for day in 0..=last {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let random = f64::from(u32::try_from(state >> 33)?) / f64::from(u32::MAX >> 1);
                let quality = f64::from(protocol % 101);
                aum *= 1.0 + (random - 0.5) * 0.04 + (quality - 50.0) * 2e-5;
                let date = end.checked_sub(jiff::Span::new().days(last - day))?;
                let wobble = u8::try_from(state >> 61)?;
                snapshots.push(Snapshot {
                    date,
                    computed_at: types::midnight(date),
                    score: Some(u8::try_from(protocol % 93)? + wobble),
                    aum_usd: Some(aum.round()),
                    redemption_delayed: None,
                });
            }
            let slug = format!("protocol-{protocol:04}");
            Ok(Track {
                slug: slug.parse()?,
                name: slug,
                snapshots,
            })
        })
        .collect()
}

/// The same tracks in Python.
fn peer(context: &Context, tracks: &[Track]) -> Result<Peer> {
    let mut rows = String::new();
    for (protocol, track) in tracks.iter().enumerate() {
        for (day, of) in track.snapshots.iter().enumerate() {
            let (score, aum) = (of.score.unwrap_or(0), of.aum_usd.unwrap_or(0.0));
            writeln!(rows, "{protocol},{day},{score},{aum}")?;
        }
    }
    let file = context.scratch.join("backtest.csv");
    fs::write(&file, rows)?;
    let folder = context.root.join("tests/bench/peers/numpy");
    output(&mut Command::new(folder.join("setup")))?;
    let printed = output(Command::new(folder.join("backtest")).arg(&file))?;
    Ok(serde_json::from_str(&printed)?)
}

/// Fails unless all found the same coefficients.
fn agree(ours: &Backtest, peer: &Peer) -> Result<()> {
    let found = [
        ours.aum_retention_correlation,
        ours.baselines.first().and_then(|of| of.aum_retention.value),
        ours.baselines.get(1).and_then(|of| of.aum_retention.value),
    ];
    for ((found, numpy), scipy) in found.into_iter().zip(peer.numpy).zip(peer.scipy) {
        let found = found.unwrap_or(f64::NAN);
        let near = |other: f64| (found - other).abs() <= 6e-5;
        ensure!(
            near(numpy) && near(scipy),
            "{found}, numpy {numpy}, scipy {scipy}"
        );
    }
    Ok(())
}
