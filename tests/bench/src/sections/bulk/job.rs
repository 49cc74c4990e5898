//! Whole jobs on the deployed stack, by HTTP.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{ROWS, RUNS, companies, median};
use crate::report::{Table, Unit};
use crate::stack::{Customer, Stack, field};

/// Between two looks at a job: by one key, it is a little below the plan's limit of calls a minute.
const PAUSE: Duration = Duration::from_millis(120);
/// How long a job may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// The time from the upload to the answer that says `done`. Half of the companies are known.
pub(super) fn table(stack: &Stack, customer: &Customer) -> Result<Table> {
    let file = companies::file(ROWS / 2..ROWS / 2 + ROWS);
    let key = stack.key(&customer.account)?;
    let seconds = (1..=RUNS).map(|number| {
        eprintln!("  bulk: a whole job {number}/{RUNS}");
        run(stack, &key, &file)
    });
    let seconds = seconds.collect::<Result<_>>()?;
    let title = "A job of 1,000 rows on the local stack, upload to done, the median of five";
    let mut table = Table::new(title, &[("wall time", Unit::Milliseconds)]);
    table.row(
        "half of the companies known, half unknown",
        [Some(1e3 * median(seconds)?)],
    );
    Ok(table)
}

fn run(stack: &Stack, key: &str, file: &str) -> Result<f64> {
    let started = Instant::now();
    let submit = "POST /api/v1/score/bulk";
    let job = stack.call(key, submit, "text/csv", file.as_bytes())?;
    let look = format!("GET /api/v1/score/bulk/{}", field(&job, "job_id")?);
    let mut state = field(&job, "status")?;
    while ["queued", "running"].contains(&state.as_str()) {
        ensure!(started.elapsed() < PATIENCE, "a job is still {state}");
        thread::sleep(PAUSE);
        // On a busy machine the store may not answer a function in time: the customer looks again.
        if let Ok(job) = stack.call(key, &look, "", b"") {
            state = field(&job, "status")?;
        }
    }
    ensure!(state == "done", "a job ended as {state}");
    Ok(started.elapsed().as_secs_f64())
}
