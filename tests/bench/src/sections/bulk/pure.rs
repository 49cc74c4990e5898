//! What is left of a row when there is no store: its score, and its line of the result.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use intent::{Score, Signal};
use jiff::Timestamp;
use tabular::Writer;
use types::Domain;

use super::{RUNS, companies, median};

const COMPANIES: usize = 100;
/// Times a run, so that it lasts some milliseconds.
const REPEATED: u32 = 20;

/// Seconds a row of: a whole score's text read and written as a line; the same computed from a company's signals.
pub(super) fn seconds_a_row(now: Timestamp) -> Result<(f64, f64)> {
    let mut known: Vec<(Domain, Vec<Signal>, String)> = Vec::new();
    for number in 0..COMPANIES {
        let domain = Domain::parse(&companies::domain(number))?;
        let signals = companies::signals(number, now).into_iter();
        let signals: Vec<Signal> = signals
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()?;
        let kept = serde_json::to_string(&intent::score(&domain, &signals, now))?;
        known.push((domain, signals, kept));
    }
    let kept = seconds(|file| {
        for (domain, _, kept) in &known {
            line(file, domain, &serde_json::from_str(black_box(kept))?);
        }
        Ok(())
    });
    let computed = seconds(|file| {
        for (domain, signals, _) in &known {
            line(
                file,
                domain,
                &intent::score(domain, black_box(signals), now),
            );
        }
        Ok(())
    });
    Ok((kept?, computed?))
}

fn seconds(lines: impl Fn(&mut Writer) -> Result<()>) -> Result<f64> {
    let once = |_| {
        let started = Instant::now();
        for _ in 0..REPEATED {
            let mut file = Writer::new();
            lines(&mut file)?;
            black_box(file.finish());
        }
        Ok(started.elapsed().as_secs_f64() / f64::from(REPEATED * 100))
    };
    median((0..RUNS).map(once).collect::<Result<_>>()?)
}

/// A line as the result of a job has it.
fn line(file: &mut Writer, domain: &Domain, score: &Score) {
    let domain = domain.as_str();
    for text in ["Bench GmbH", domain, "DE", "10", domain, "scored"] {
        file.text(text);
    }
    file.number(score.score);
    file.text(score.band.as_str());
    file.text(score.confidence.as_str());
    file.number(score.signals.len());
    match score.momentum.change {
        Some(change) => file.number(change),
        None => file.text(""),
    }
    file.text(&score.reasoning);
    file.text(&score.scored_at.to_string());
    file.text("true");
    file.number(1_u8);
    file.end_row();
}
