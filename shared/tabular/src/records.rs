use std::io::Read;

use csv::{ReaderBuilder, StringRecord};

use crate::decode::{Lines, decode};
use crate::delimiter::delimiter;
use crate::{Limits, MAX_COLUMNS, Row, TabularError};

/// The rows of a file before it is known whether the first one is a header.
pub(crate) struct Records {
    rows: Vec<Row>,
    /// Rows in the file, including those over the limit, which are not stored.
    total: usize,
    delimiter: u8,
    limits: Limits,
}

impl Records {
    /// All rows that are not empty; at least one. Work is bounded by the bytes, memory by bytes and rows.
    pub(crate) fn read(bytes: &[u8], limits: Limits) -> Result<Self, TabularError> {
        let text = decode(bytes, limits)?;
        let delimiter = delimiter(text);
        let mut records = Self {
            rows: Vec::new(),
            total: 0,
            delimiter,
            limits,
        };
        records.parse(text)?;
        let columns = records.first().ok_or(TabularError::Empty)?.cells().count();
        if columns > MAX_COLUMNS {
            return Err(TabularError::TooManyColumns { columns });
        }
        Ok(records)
    }

    fn parse(&mut self, text: &str) -> Result<(), TabularError> {
        // The parser accepts an unclosed quote at the end. A line appended to the text detects one: it must come back as a
        // row of its own.
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(text.as_bytes().chain(&b"\nend"[..]));
        let mut lines = Lines::new(text.as_bytes());
        let mut line = 1;
        let mut fields = StringRecord::new();
        // Reading text in memory does not fail.
        while reader.read_record(&mut fields).unwrap_or_default() {
            let start = start(text, &fields);
            if start >= text.len() {
                return Ok(());
            }
            line = lines.at(start);
            self.push(line, &fields);
        }
        Err(TabularError::UnclosedQuote { line })
    }

    fn push(&mut self, line: u64, fields: &StringRecord) {
        if fields.iter().all(|field| field.trim().is_empty()) {
            return;
        }
        self.total += 1;
        // One more than the limit: the first may be a header.
        if self.rows.len() <= self.limits.max_rows {
            self.rows.push(Row::new(line, fields.clone()));
        }
    }

    /// The first row.
    pub(crate) fn first(&self) -> Option<&Row> {
        self.rows.first()
    }

    /// The first rows.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The first row as the names of the columns, and the rows below it.
    pub(crate) fn with_header(mut self) -> Result<(Vec<String>, Vec<Row>), TabularError> {
        let header = self.rows.remove(0);
        self.total -= 1;
        let columns: Vec<String> = header.cells().map(|name| name.trim().to_owned()).collect();
        let rows = self.without_header(columns.len())?;
        Ok((columns, rows))
    }

    /// All rows, in `width` columns.
    pub(crate) fn without_header(self, width: usize) -> Result<Vec<Row>, TabularError> {
        let Self {
            rows,
            total,
            delimiter,
            limits,
        } = self;
        if total > limits.max_rows {
            return Err(TabularError::TooManyRows {
                rows: total,
                max_rows: limits.max_rows,
            });
        }
        Ok(rows
            .into_iter()
            .map(|row| row.fit(width, delimiter))
            .collect())
    }
}

/// The offset at which a row starts. The parser's position may be before line ends that it skipped.
fn start(text: &str, fields: &StringRecord) -> usize {
    let position = fields
        .position()
        .and_then(|at| usize::try_from(at.byte()).ok())
        .unwrap_or(0);
    let rest = text.as_bytes().get(position..).unwrap_or_default();
    position
        + rest
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count()
}
