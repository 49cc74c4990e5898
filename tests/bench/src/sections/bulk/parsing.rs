//! Reading a file of companies, and nothing else.

use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use csv::{ReaderBuilder, StringRecord};
use tabular::Limits;
use tabular::companies::Upload;

use super::{RUNS, companies, median};
use crate::process::output;
use crate::report::{Table, Unit};
use crate::sections::Context;

/// Reads a file's bytes as often as asked, and prints the seconds that each time took.
const PYTHON: &str = "
import csv, io, sys, time
path, reader, runs = sys.argv[1:]
data = open(path, 'rb').read()
for _ in range(int(runs)):
    started = time.perf_counter()
    for row in getattr(csv, reader)(io.TextIOWrapper(io.BytesIO(data), 'utf-8', newline='')):
        pass
    print(time.perf_counter() - started)
";

pub(super) fn table(context: &Context) -> Result<Table> {
    let columns = [("rows", Unit::PerSecond), ("MB", Unit::PerSecond)];
    let title = "Reading a file of companies on one core, the median of five runs";
    let mut table = Table::new(title, &columns);
    let path = context.scratch.join("companies.csv");
    for (rows, count) in [(1_000, "1,000"), (100_000, "100,000")] {
        let file = companies::file(0..rows);
        fs::write(&path, &file)?;
        let limits = Limits {
            max_bytes: file.len(),
            max_rows: rows,
        };
        let python = |reader: &str| {
            let mut command = Command::new("python3");
            command.args(["-c", PYTHON]).arg(&path);
            let printed = output(command.args([reader, &RUNS.to_string()]))?;
            let seconds: Result<Vec<f64>, _> = printed.lines().map(str::parse).collect();
            median(seconds?)
        };
        let subjects = [
            (
                "tabular, domains validated",
                timed(|| validated(&file, limits))?,
            ),
            ("csv crate, fields only", timed(|| fields(&file))?),
            ("Python csv.reader", python("reader")?),
            ("Python csv.DictReader", python("DictReader")?),
        ];
        for (subject, seconds) in subjects {
            let amounts = [
                f64::from(u32::try_from(rows)?),
                f64::from(u32::try_from(file.len())?) / 1e6,
            ];
            let figures = amounts.map(|amount| Some(amount / seconds));
            table.row(&format!("{subject}; {count} rows"), figures);
        }
        ensure!(validated(&file, limits)? == rows, "not every row was read");
    }
    Ok(table)
}

/// The seconds that `work` takes.
fn timed(work: impl Fn() -> Result<usize>) -> Result<f64> {
    let once = |_| {
        let started = Instant::now();
        black_box(work()?);
        Ok(started.elapsed().as_secs_f64())
    };
    median((0..RUNS).map(once).collect::<Result<_>>()?)
}

fn validated(file: &str, limits: Limits) -> Result<usize> {
    let upload = Upload::read(black_box(file).as_bytes(), limits)?;
    Ok(upload.counts().valid)
}

fn fields(file: &str) -> Result<usize> {
    let mut reader = ReaderBuilder::new().from_reader(black_box(file).as_bytes());
    let (mut record, mut rows) = (StringRecord::new(), 0);
    while reader.read_record(&mut record)? {
        black_box(&record);
        rows += 1;
    }
    Ok(rows)
}
