use std::collections::BTreeMap;

use api::FieldError;
use futures::{StreamExt, stream};
use imports::{ImportFile, Importer, Report, Times};
use liquidity_store::{MAX_PROTOCOLS, Protocols, Recorded, Stated};
use runtime::Failure;
use store::{Dynamo, StoreError};
use types::{Clock, ProtocolSlug, Timestamp};

use crate::form::ProtocolForm;

/// Lines of a file, all of which are held at once.
const MAX_LINES: usize = 200_000;
/// Protocols written concurrently.
const CONCURRENCY: usize = 8;

/// Imports files of what sources state of protocols.
#[derive(Clone, Debug)]
pub struct ProtocolImporter {
    protocols: Protocols,
    clock: Clock,
}

/// What a file states of each protocol, and the lines that it is in.
type Lines = BTreeMap<ProtocolSlug, (Vec<u64>, Vec<Stated>)>;

impl ProtocolImporter {
    /// Of the protocols in this table.
    pub fn new(dynamo: &Dynamo, table: String, clock: Clock) -> Self {
        Self {
            protocols: Protocols::new(dynamo, table),
            clock,
        }
    }
}

impl Importer for ProtocolImporter {
    type Form = ProtocolForm;

    async fn store(
        &self,
        file: ImportFile<'_, ProtocolForm>,
        Times { now, stop }: Times,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let lines = match lines_of(file, now, report) {
            Ok(lines) => lines,
            Err(error) => {
                report.refuse(error);
                return Ok(());
            }
        };
        report.protocols = Some(lines.len());
        let mut written = stream::iter(lines)
            .map(async |(slug, (lines, stated))| {
                if self.clock.now() >= stop {
                    return Err(Failure::not_yet(
                        "the file takes longer than the function; the next delivery continues",
                    ));
                }
                match self.protocols.record(&slug, &stated, now).await {
                    Ok(recorded) => Ok((lines, recorded)),
                    Err(StoreError::Throttled(_)) => Err(Failure::not_yet(
                        "the table is throttling; the next delivery continues",
                    )),
                    Err(error) => Err(error.into()),
                }
            })
            .buffer_unordered(CONCURRENCY);
        while let Some(written) = written.next().await {
            let (lines, recorded) = written?;
            count(report, &lines, recorded);
        }
        report.errors.sort_by_key(|error| error.line);
        Ok(())
    }
}

/// All lines of a file by protocol, so that a file that cannot be read changes nothing.
fn lines_of(
    mut file: ImportFile<'_, ProtocolForm>,
    now: Timestamp,
    report: &mut Report,
) -> Result<Lines, String> {
    let mut lines = Lines::new();
    while let Some(line) = file.next_line()? {
        report.lines += 1;
        if report.lines > MAX_LINES {
            return Err(format!(
                "the file has more than {MAX_LINES} lines; split it"
            ));
        }
        match line.form.and_then(|form| form.parse(now)) {
            Ok((slug, stated)) => {
                let (numbers, all) = lines.entry(slug).or_default();
                numbers.push(line.place.line);
                all.push(stated);
            }
            Err(errors) => report.fail(line.place.line, errors),
        }
    }
    Ok(lines)
}

/// Counts what became of the lines of a protocol: each is what all of them are together.
fn count(report: &mut Report, lines: &[u64], recorded: Recorded) {
    let error = match recorded {
        Recorded::Created => {
            report.stored += lines.len();
            return;
        }
        Recorded::Updated => {
            report.updated += lines.len();
            return;
        }
        Recorded::Unchanged => {
            report.unchanged += lines.len();
            return;
        }
        Recorded::Unknown => FieldError::new(
            "slug",
            "protocol_unknown",
            "slug: there is no such protocol; a new one needs name and category",
        ),
        Recorded::Full => FieldError::new(
            "slug",
            "protocols_full",
            format!(
                "slug: at most {MAX_PROTOCOLS} protocols are kept; those that are can still be changed"
            ),
        ),
    };
    for line in lines {
        report.fail(*line, vec![error.clone()]);
    }
}
