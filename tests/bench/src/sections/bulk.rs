//! Bulk scoring: the worker's CPU, whole jobs on the local stack, and reading files.

mod companies;
mod job;
mod parsing;
mod pure;
mod worker;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde_json::Value;

use super::Context;
use crate::needs::{BULK, Needs};
use crate::report::{Bound, Check, Section, Table, Unit};
use crate::sample::Sample;
use crate::stack::{Customer, Stack};
use worker::{Bench, Cost};

const RUNS: usize = 5;
/// Rows a job: the most that a file may have.
const ROWS: usize = 1_000;
/// Signals that one request takes.
const SIGNALS: usize = 500;
/// Calls a minute that a key of the plan may make, with some to spare.
const CALLS: usize = 550;
/// Rows that a core should do in a second, with scores kept and a store that takes no time.
const TARGET: f64 = 100_000.0;

pub(super) fn needs() -> Needs {
    Needs::on_a_stack(BULK)
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let stack = context.stack.as_ref();
    let stack = stack.context("bulk works on a local stack, which `make bench` starts")?;
    let stack = Stack::read(stack, &context.target)?;
    eprintln!("  bulk: reading files");
    let parsing = parsing::table(context)?;
    let customer = stack.customer(100_000)?;
    learn(&stack, &customer)?;
    let (worker, kept) = worker(context, &stack, &customer)?;
    let jobs = job::table(&stack, &customer)?;
    Ok(Section {
        title: "Bulk scoring".to_owned(),
        tables: vec![worker, jobs, parsing],
        checks: vec![Check {
            what: "rows a CPU-second of the worker, scores kept".to_owned(),
            figure: 1.0 / kept.seconds,
            unit: Unit::PerSecond,
            bound: Bound::AtLeast(TARGET),
            fails: false,
        }],
        notes: NOTES.map(str::to_owned).into(),
    })
}

const NOTES: [&str; 4] = [
    "The worker is the release binary, given the five messages of each job of 1,000 rows two at a time by a stub of the \
     Runtime API; the last of them writes the result. Its store is the local stack, which costs it time but no CPU: \
     rows a second are rows by the CPU time of the process, what a core does while the store takes no time. A known \
     company has five signals.",
    "The rows in memory have no store and no job, and read the list of a score's signals besides, which the worker does not. What \
     the rows above take more is talking to the store, and reading its answers and the job's files.",
    "Whole jobs run on the emulator, with functions of the dev profile, all on the cores that the measuring uses: \
     they tell how long one waits on this stack, which is not what AWS takes, and whose CPU time it is cannot be told.",
    "Python's readers and the bare csv crate find fields; tabular also checks the encoding, finds the columns, \
     validates and compares the domains, and keeps every row.",
];

/// Makes every company of the first file known to the customer.
fn learn(stack: &Stack, customer: &Customer) -> Result<()> {
    let now = Timestamp::now();
    let signals: Vec<Value> = (0..ROWS)
        .flat_map(|number| companies::signals(number, now))
        .collect();
    for batch in signals.chunks(SIGNALS) {
        let body = serde_json::to_vec(batch)?;
        stack.call(
            &customer.key,
            "POST /api/v1/signals",
            "application/json",
            &body,
        )?;
    }
    Ok(())
}

/// Asks for every score of the first file, one by one, which keeps it.
fn keep(stack: &Stack, customer: &Customer) -> Result<()> {
    let numbers: Vec<usize> = (0..ROWS).collect();
    for numbers in numbers.chunks(CALLS) {
        let key = stack.key(&customer.account)?;
        for number in numbers {
            let call = format!("GET /api/v1/score?domain={}", companies::domain(*number));
            stack.call(&key, &call, "", b"")?;
        }
    }
    Ok(())
}

/// The table of the worker's CPU, and what a row with a kept score takes.
fn worker(context: &Context, stack: &Stack, customer: &Customer) -> Result<(Table, Cost)> {
    let now = Timestamp::now();
    let own = stack.with_workspace(&format!("bench-{}", now.as_millisecond()))?;
    let bench = Bench::new(context, &own, customer)?;
    let (known, unknown) = (companies::file(0..ROWS), companies::file(ROWS..2 * ROWS));
    let computed = bench.cost("scores to compute", &known)?;
    keep(stack, customer)?;
    let kept = bench.cost("scores kept", &known)?;
    let unknown = bench.cost("companies unknown", &unknown)?;
    let (kept_alone, computed_alone) = pure::seconds_a_row(now)?;

    let columns = [
        ("rows", Unit::PerSecond),
        ("a row", Unit::Microseconds),
        ("instructions a row", Unit::Instructions),
    ];
    let mut table = Table::new("A core of the worker, the median of five jobs", &columns);
    let rows = [
        (
            "the worker, scores kept",
            kept.seconds,
            Some(kept.instructions),
        ),
        (
            "the worker, scores to compute",
            computed.seconds,
            Some(computed.instructions),
        ),
        (
            "the worker, companies unknown",
            unknown.seconds,
            Some(unknown.instructions),
        ),
        (
            "in memory: whole score read, line written",
            kept_alone,
            None,
        ),
        (
            "in memory: score computed, line written",
            computed_alone,
            None,
        ),
    ];
    for (subject, seconds, instructions) in rows {
        table.row(
            subject,
            [Some(1.0 / seconds), Some(1e6 * seconds), instructions],
        );
    }
    Ok((table, kept))
}

fn median(figures: Vec<f64>) -> Result<f64> {
    let sample: Sample = figures.into_iter().collect();
    sample.median().context("nothing measured")
}
