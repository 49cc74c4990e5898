use intent_store::{MAX_SIGNALS, Outcome};
use serde::Serialize;
use types::Timestamp;

use crate::form::FieldError;

/// Rejected lines listed in a report; further ones are only counted.
const MAX_LISTED: usize = 1_000;

/// The report on an import file, written as `<key>.report.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) object: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    pub(crate) imported_at: Timestamp,
    /// Why the file could not be read, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    pub(crate) lines: usize,
    pub(crate) companies: usize,
    pub(crate) stored: usize,
    pub(crate) updated: usize,
    pub(crate) unchanged: usize,
    pub(crate) failed: usize,
    pub(crate) errors: Vec<LineError>,
    /// Rejected lines that `errors` does not list, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) more_errors: Option<usize>,
}

/// A rejected line and its errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LineError {
    pub(crate) line: u64,
    pub(crate) errors: Vec<FieldError>,
}

impl Report {
    pub(crate) fn new(object: String, imported_at: Timestamp) -> Self {
        Self {
            object,
            etag: None,
            imported_at,
            error: None,
            lines: 0,
            companies: 0,
            stored: 0,
            updated: 0,
            unchanged: 0,
            failed: 0,
            errors: Vec::new(),
            more_errors: None,
        }
    }

    /// Reports that the file could not be read, so that no line counts.
    pub(crate) fn refuse(&mut self, error: String) {
        *self = Self {
            etag: self.etag.take(),
            error: Some(error),
            ..Self::new(std::mem::take(&mut self.object), self.imported_at)
        };
    }

    /// Adds a rejected line.
    pub(crate) fn fail(&mut self, line: u64, errors: Vec<FieldError>) {
        self.failed += 1;
        if self.errors.len() < MAX_LISTED {
            self.errors.push(LineError { line, errors });
        } else {
            self.more_errors = Some(self.failed - MAX_LISTED);
        }
    }

    /// Counts what became of a line's signal.
    pub(crate) fn count(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Outcome::Stored => self.stored += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::NoRoom => self.fail(line, vec![company_full()]),
        }
    }
}

fn company_full() -> FieldError {
    FieldError {
        field: "domain".into(),
        reason: "company_full",
        message: format!(
            "at most {MAX_SIGNALS} public signals of one company are stored; those that are can still be changed"
        ),
    }
}
