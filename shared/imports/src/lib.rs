#![doc = include_str!("../README.md")]

mod file;
mod importer;
mod report;

pub use file::{ImportFile, ImportForm, Line, MAX_LINE_BYTES, MAX_LINES, Place};
pub use importer::{Importer, Times, import};
pub use report::{LineError, REPORT_SUFFIX, Report};
