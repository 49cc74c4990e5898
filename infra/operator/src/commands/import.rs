use std::path::PathBuf;
use std::time::Duration;

use blob::{BlobError, Bucket};
use clap::Args;
use runtime::Failure;
use serde::{Deserialize, Serialize};
use types::unique;

use crate::operator::Operator;
use crate::output::Output;
use crate::progress::Progress;
use crate::table::Table;

/// Bytes of an import file, and of its report.
const MAX_BYTES: u64 = 100_000_000;
/// Time between two reads of the report.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Exits with 1 if any line of the file was rejected.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples: assay import signals.ndjson\n          assay import --liquidity protocols.csv\n\nExits with 1 if any line of the file was rejected."
)]
pub(crate) struct Import {
    /// Path of a .csv or .ndjson file of at most 100 MB; docs/api/intent.md and docs/api/liquidity.md describe the columns.
    file: PathBuf,
    /// The file is what sources state of protocols, instead of signals.
    #[arg(long)]
    liquidity: bool,
    /// Seconds to wait for the report.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    timeout: u32,
}

/// The report that the import function writes.
#[derive(Debug, Deserialize, Serialize)]
struct Report {
    object: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    lines: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    companies: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    protocols: Option<u64>,
    stored: u64,
    updated: u64,
    unchanged: u64,
    failed: u64,
    errors: Vec<LineErrors>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    more_errors: Option<u64>,
}

#[derive(Debug, Deserialize, Serialize)]
struct LineErrors {
    line: u64,
    errors: Vec<FieldError>,
}

#[derive(Debug, Deserialize, Serialize)]
struct FieldError {
    field: String,
    reason: String,
    message: String,
}

impl Import {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let name = self.file.file_name().and_then(|name| name.to_str());
        let name = name.ok_or("the file name cannot be used as an object key")?;
        let kind = self.file.extension().and_then(|kind| kind.to_str());
        if !matches!(kind, Some("csv" | "ndjson")) {
            return Err("the name of an import file must end in .csv or .ndjson".into());
        }
        let content = std::fs::read(&self.file)
            .map_err(|error| format!("{} cannot be read: {error}", self.file.display()))?;
        if content.len() as u64 > MAX_BYTES {
            return Err("an import file may have at most 100 MB; split it".into());
        }
        let bucket = operator.bucket()?;
        // A unique key, so that the report of an earlier import cannot be mistaken for this one's.
        let folder = if self.liquidity {
            "import/liquidity"
        } else {
            "import"
        };
        let key = format!("{folder}/{}-{name}", unique(operator.clock.now()));
        bucket
            .put(&key, "application/octet-stream", content)
            .await?;
        let report = self.wait(operator, &bucket, &key).await?;
        let is_ok = report.failed == 0 && report.error.is_none();
        let text = text(&report);
        Ok(Output::new(report, text)?.ok_if(is_ok))
    }

    async fn wait(
        &self,
        operator: &Operator,
        bucket: &Bucket,
        key: &str,
    ) -> Result<Report, Failure> {
        let began = operator.clock.now().as_second();
        let mut progress = Progress::new(&operator.clock);
        let report = format!("{key}.report.json");
        loop {
            match bucket.get(&report, MAX_BYTES).await {
                Ok(object) => return Ok(serde_json::from_slice(&object.body)?),
                Err(BlobError::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
            let waited = operator.clock.now().as_second() - began;
            if waited > i64::from(self.timeout) {
                let message = format!(
                    "no report at {report} within {} s; check `assay dlq list import`",
                    self.timeout
                );
                return Err(message.into());
            }
            progress.report(|| format!("waiting for the report on {key}, {waited} s"));
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

fn text(report: &Report) -> String {
    if let Some(error) = &report.error {
        return format!("{}: nothing was imported: {error}", report.object);
    }
    let (subjects, count) = match report.protocols {
        Some(protocols) => (">PROTOCOLS", protocols),
        None => (">COMPANIES", report.companies.unwrap_or(0)),
    };
    let mut counts = Table::new(&[
        ">LINES",
        subjects,
        ">STORED",
        ">UPDATED",
        ">UNCHANGED",
        ">FAILED",
    ]);
    counts.row(
        [
            report.lines,
            count,
            report.stored,
            report.updated,
            report.unchanged,
            report.failed,
        ]
        .map(|count| count.to_string()),
    );
    if report.errors.is_empty() {
        return format!("{}\n\n{counts}", report.object);
    }
    let mut errors = Table::new(&[">LINE", "FIELD", "REASON", "MESSAGE"]);
    for line in &report.errors {
        for error in &line.errors {
            errors.row([
                line.line.to_string(),
                error.field.clone(),
                error.reason.clone(),
                error.message.clone(),
            ]);
        }
    }
    let more = report.more_errors.map_or_else(String::new, |more| {
        format!("\n{more} more lines were rejected")
    });
    format!("{}\n\n{counts}\n{errors}{more}", report.object)
}
