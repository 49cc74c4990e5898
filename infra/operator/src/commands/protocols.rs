use std::path::{Path, PathBuf};

use clap::Subcommand;
use liquidity_store::{Protocol, Stored};
use runtime::Failure;
use serde::Serialize;

use crate::operator::Operator;
use crate::output::Output;
use crate::progress::Progress;
use crate::protocol_file::{self, RowError};
use crate::table::Table;

/// Bytes of a protocol file.
const MAX_BYTES: u64 = 10_000_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create or replace the protocols in a CSV file. If any row is invalid, nothing is stored.
    #[command(
        after_help = "Example: assay protocols load infra/sample/protocols.csv\n\nExits with 1 if any row is invalid. \
        infra/operator/README.md describes the columns."
    )]
    Load {
        /// Path of a .csv file of at most 10 MB, such as infra/sample/protocols.csv.
        file: PathBuf,
    },
}

/// The result of loading a file.
#[derive(Debug, Default, Serialize)]
struct Report {
    rows: usize,
    created: u64,
    updated: u64,
    unchanged: u64,
    errors: Vec<RowError>,
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let Self::Load { file } = self;
        let read = protocol_file::read(&content(&file)?)?;
        let mut report = Report {
            rows: read.len(),
            ..Report::default()
        };
        let mut protocols = Vec::new();
        for row in read {
            match row {
                Ok(protocol) => protocols.push(protocol),
                Err(errors) => report.errors.extend(errors),
            }
        }
        if report.errors.is_empty() {
            store(operator, &protocols, &mut report).await?;
        }
        let (is_ok, text) = (report.errors.is_empty(), text(&report));
        Ok(Output::new(report, text)?.ok_if(is_ok))
    }
}

fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    let shown = file.display();
    let content =
        std::fs::read(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if content.len() as u64 > MAX_BYTES {
        return Err(format!("{shown} is larger than 10 MB; split it").into());
    }
    Ok(content)
}

async fn store(
    operator: &Operator,
    protocols: &[Protocol],
    report: &mut Report,
) -> Result<(), Failure> {
    let stored = operator.protocols()?;
    let mut progress = Progress::new(&operator.clock);
    for (done, protocol) in protocols.iter().enumerate() {
        progress.report(|| format!("{done} of {} protocols stored", protocols.len()));
        let count = match stored.put(protocol).await? {
            Stored::Created => &mut report.created,
            Stored::Updated => &mut report.updated,
            Stored::Unchanged => &mut report.unchanged,
        };
        *count += 1;
    }
    Ok(())
}

fn text(report: &Report) -> String {
    if report.errors.is_empty() {
        let mut counts = Table::new(&[">ROWS", ">CREATED", ">UPDATED", ">UNCHANGED"]);
        let Report {
            rows,
            created,
            updated,
            unchanged,
            ..
        } = report;
        counts.row([
            rows.to_string(),
            created.to_string(),
            updated.to_string(),
            unchanged.to_string(),
        ]);
        return counts.to_string();
    }
    let mut errors = Table::new(&[">ROW", "COLUMN", "MESSAGE"]);
    for error in &report.errors {
        errors.row([
            error.row.to_string(),
            error.column.to_owned(),
            error.message.clone(),
        ]);
    }
    format!("Nothing was stored. Row 1 is the header.\n\n{errors}")
}
