//! What the circuit breaker does on the real past.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use liquidity::{Anomaly, Breaker, Cadence, Reading, Step};

use super::{Rwa, Series};

/// A pause and how it ended.
#[derive(Debug)]
struct Pause {
    reason: Anomaly,
    since: Timestamp,
    before: Option<Reading>,
    at: Option<f64>,
    /// When it ended, and whether on another level than before.
    end: Option<(Timestamp, bool)>,
}

/// The pauses of each source's series, and what they come to.
pub fn tables(out: &mut String, rwa: &Rwa) -> fmt::Result {
    writeln!(out, "## Circuit breaker\n")?;
    writeln!(
        out,
        "| protocol | source | since | reason | from, USD | to, USD | ended | by |"
    )?;
    writeln!(out, "|---|---|---|---|---:|---:|---|---|")?;
    let mut totals = Totals::default();
    for ((slug, source), series) in &rwa.series {
        let pauses = pauses(series);
        totals.add(series, &pauses);
        for pause in &pauses {
            let day = |at: Timestamp| types::date_of(at).to_string();
            let (ended, by) = match pause.end {
                Some((at, true)) => (day(at), "another level, confirmed"),
                Some((at, false)) => (day(at), "the level of before"),
                None => ("–".to_owned(), "not in the data"),
            };
            let dollars = |of: Option<f64>| of.map_or("–".to_owned(), |usd| format!("{usd:.0}"));
            writeln!(
                out,
                "| {slug} | {source} | {} | {:?} | {} | {} | {ended} | {by} |",
                day(pause.since),
                pause.reason,
                dollars(pause.before.map(|reading| reading.aum_usd)),
                dollars(pause.at),
            )?;
        }
    }
    totals.write(out)
}

/// Runs a breaker over a series. Before each reading it is asked for a gap, as the refresher would.
fn pauses(series: &Series) -> Vec<Pause> {
    let mut breaker = Breaker::default();
    let mut pauses: Vec<Pause> = Vec::new();
    let mut previous: Option<Timestamp> = None;
    for reading in &series.readings {
        let before = breaker.last_good();
        if let Some(previous) = previous {
            let due = previous + 3 * series.cadence.sla() + jiff::SignedDuration::from_secs(1);
            if due < reading.at
                && let Step::Paused(reason) = breaker.check(due, series.cadence)
            {
                pauses.push(Pause {
                    reason,
                    since: due,
                    before,
                    at: None,
                    end: None,
                });
            }
        }
        match breaker.observe(*reading) {
            Step::Paused(reason) => {
                let at = Some(reading.aum_usd);
                pauses.push(Pause {
                    reason,
                    since: reading.at,
                    before,
                    at,
                    end: None,
                });
            }
            Step::Resumed => {
                if let Some(pause) = pauses.last_mut() {
                    let last = pause.before.map_or(0.0, |before| before.aum_usd);
                    let moved = (reading.aum_usd / last).ln().abs() > std::f64::consts::LN_2;
                    pause.end = Some((reading.at, moved));
                }
            }
            Step::Accepted | Step::Ignored | Step::StillPaused => {}
        }
        previous = Some(reading.at);
    }
    pauses
}

/// By cadence: years of protocols, pauses that ended where they began, and those that did not.
#[derive(Debug, Default)]
struct Totals(std::collections::BTreeMap<Cadence, (f64, [usize; 4])>);

impl Totals {
    fn add(&mut self, series: &Series, pauses: &[Pause]) {
        let (years, counts) = self.0.entry(series.cadence).or_default();
        let ends = series.readings.first().zip(series.readings.last());
        *years += ends.map_or(0.0, |(first, last)| {
            last.at.duration_since(first.at).as_secs_f64() / (365.25 * 86_400.0)
        });
        for pause in pauses {
            let kind = match (pause.reason, pause.end) {
                (Anomaly::Gap, _) => 3,
                (Anomaly::DropToZero, _) | (_, Some((_, false))) => 0,
                (_, Some((_, true))) => 1,
                (_, None) => 2,
            };
            if let Some(count) = counts.get_mut(kind) {
                *count += 1;
            }
        }
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(
            out,
            "\n| cadence | protocol-years | zeros and jumps that went back | jumps that stayed: false alarms | a protocol-year | open | gaps |"
        )?;
        writeln!(out, "|---|---:|---:|---:|---:|---:|---:|")?;
        for (cadence, (years, [back, stayed, open, gaps])) in &self.0 {
            let stayed_f = u32::try_from(*stayed).map_or(f64::NAN, f64::from);
            writeln!(
                out,
                "| {cadence:?} | {years:.1} | {back} | {stayed} | {:.2} | {open} | {gaps} |",
                stayed_f / years
            )?;
        }
        Ok(())
    }
}
