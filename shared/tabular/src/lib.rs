#![doc = include_str!("../README.md")]

pub mod companies;

mod charset;
mod decode;
mod error;
mod form;
mod format;
#[cfg(test)]
mod fuzz;
mod parser;
mod records;
mod row;
mod table;
mod writer;

pub use charset::{check_replacements, to_utf8};
pub use error::TabularError;
pub use format::Format;
pub use row::Row;
pub use table::Table;
pub use writer::{Number, Writer};

/// The largest file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file, byte order mark included.
    pub max_bytes: usize,
    /// Rows, not counting the header and empty lines.
    pub max_rows: usize,
}

/// The most columns that are read; empty fields beyond are dropped. It bounds the memory of short rows, which are filled up to
/// that width.
pub const MAX_COLUMNS: usize = 500;
