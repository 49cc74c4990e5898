use intent_store::Outcome;
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

    /// Counts what became of signals.
    pub(crate) fn count(&mut self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            match outcome {
                Outcome::Stored => self.stored += 1,
                Outcome::Updated => self.updated += 1,
                Outcome::Unchanged => self.unchanged += 1,
                Outcome::NoRoom => self.failed += 1,
            }
        }
    }
}
