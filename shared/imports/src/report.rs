use api::FieldError;
use serde::Serialize;
use types::Timestamp;

/// Suffix of a report's object key. It is not that of an import file, so a report starts no import.
pub const REPORT_SUFFIX: &str = ".report.json";
/// Rejected lines listed in a report; further ones are only counted.
const MAX_LISTED: usize = 1_000;

/// The report on an import file, written as `<key>.report.json`.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The file's key.
    pub object: String,
    /// The tag of its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When its import began.
    pub imported_at: Timestamp,
    /// Why the file could not be read, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Lines that are not empty.
    pub lines: usize,
    /// Companies of valid lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companies: Option<usize>,
    /// Protocols of valid lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocols: Option<usize>,
    /// Lines that said something new.
    pub stored: usize,
    /// Lines that changed what was known.
    pub updated: usize,
    /// Lines that said what was known.
    pub unchanged: usize,
    /// Lines that were rejected.
    pub failed: usize,
    /// The first of them.
    pub errors: Vec<LineError>,
    /// Rejected lines that `errors` does not list, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_errors: Option<usize>,
}

/// A rejected line and its errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineError {
    /// From 1.
    pub line: u64,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

impl Report {
    /// On a file of which nothing is read yet.
    pub fn new(object: String, imported_at: Timestamp) -> Self {
        Self {
            object,
            etag: None,
            imported_at,
            error: None,
            lines: 0,
            companies: None,
            protocols: None,
            stored: 0,
            updated: 0,
            unchanged: 0,
            failed: 0,
            errors: Vec::new(),
            more_errors: None,
        }
    }

    /// Reports that the file could not be read, so that no line counts.
    pub fn refuse(&mut self, error: String) {
        *self = Self {
            etag: self.etag.take(),
            error: Some(error),
            ..Self::new(std::mem::take(&mut self.object), self.imported_at)
        };
    }

    /// Adds a rejected line.
    pub fn fail(&mut self, line: u64, errors: Vec<FieldError>) {
        self.failed += 1;
        if self.errors.len() < MAX_LISTED {
            self.errors.push(LineError { line, errors });
        } else {
            self.more_errors = Some(self.failed - MAX_LISTED);
        }
    }
}
