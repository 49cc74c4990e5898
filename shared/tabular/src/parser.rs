use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::decode::{Lines, decode};
use crate::delimiter::delimiter;
use crate::{Limits, MAX_COLUMNS, Row, TabularError};

/// The most fields that a row may have, empty ones behind the last column included: as many as a spreadsheet has columns.
const MAX_FIELDS: usize = 16_384;

/// Reads the rows of a file one at a time. It holds one row, so memory is bounded by the longest one.
pub(crate) struct Parser<'a> {
    text: &'a str,
    delimiter: u8,
    csv: Reader,
    /// The offset of what is read next.
    at: usize,
    lines: Lines<'a>,
    record: Record,
}

/// The row that is being read. Its buffers grow with the longest row and are used again; what is stored is a copy of their
/// content.
struct Record {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Empty fields beyond [`MAX_COLUMNS`], which are dropped.
    dropped: usize,
    max_bytes: usize,
    is_cut: bool,
}

impl<'a> Parser<'a> {
    /// Begins at the first row of a file. A row is cut after `max_row_bytes` of text.
    pub(crate) fn new(
        bytes: &'a [u8],
        limits: Limits,
        max_row_bytes: usize,
    ) -> Result<Self, TabularError> {
        let text = decode(bytes, limits)?;
        let delimiter = delimiter(text);
        Ok(Self {
            text,
            delimiter,
            csv: ReaderBuilder::new().delimiter(delimiter).build(),
            at: 0,
            lines: Lines::new(text.as_bytes()),
            record: Record {
                text: Vec::new(),
                ends: Vec::new(),
                dropped: 0,
                max_bytes: max_row_bytes,
                is_cut: false,
            },
        })
    }

    pub(crate) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The next row that is not empty.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, TabularError> {
        while self.skip_line_ends() {
            let row = self.row()?;
            if row.cells().any(|field| !field.trim().is_empty()) || row.is_cut() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Continues with the row that starts at an offset, on a line.
    pub(crate) const fn seek(&mut self, start: usize, line: u64) {
        self.at = start;
        self.lines.seek(start, line);
    }

    /// Whether a row follows.
    fn skip_line_ends(&mut self) -> bool {
        let is_line_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        self.at += self.rest().iter().take_while(is_line_end).count();
        self.at < self.text.len()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn row(&mut self) -> Result<Row, TabularError> {
        let (start, line) = (self.at, self.lines.at(self.at));
        let mut field = [0; 1_024];
        self.csv.reset();
        self.record.clear();
        loop {
            let rest = self.rest();
            // The parser accepts an open quote at the end. Another line end closes the last row, but not a quote.
            let input = if rest.is_empty() { b"\n" } else { rest };
            let (result, read, written) = self.csv.read_field(input, &mut field);
            self.at += read;
            self.record.push(field.get(..written).unwrap_or_default());
            match result {
                ReadFieldResult::InputEmpty if rest.is_empty() => {
                    return Err(TabularError::UnclosedQuote { line });
                }
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    if !self.record.end_field() {
                        return Err(TabularError::TooManyColumns { line });
                    }
                    if record_end {
                        return Ok(self.record.row(line, start));
                    }
                }
                ReadFieldResult::End => return Ok(self.record.row(line, start)),
            }
        }
    }
}

impl Record {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.dropped = 0;
        self.is_cut = false;
    }

    fn push(&mut self, text: &[u8]) {
        if self.text.len() + text.len() > self.max_bytes {
            self.is_cut = true;
        } else {
            self.text.extend_from_slice(text);
        }
    }

    /// Whether the row may have the field that ends here.
    fn end_field(&mut self) -> bool {
        if self.ends.len() < MAX_COLUMNS {
            self.ends.push(self.text.len());
            return true;
        }
        let start = self.ends.last().copied().unwrap_or(0);
        let field = self.text.get(start..).unwrap_or_default();
        let is_empty = field.trim_ascii().is_empty();
        self.text.truncate(start);
        self.dropped += 1;
        is_empty && self.dropped <= MAX_FIELDS - MAX_COLUMNS
    }

    fn row(&self, line: u64, start: usize) -> Row {
        // The file is UTF-8, and delimiters and quotes are single bytes.
        let text = String::from_utf8_lossy(&self.text).into();
        Row::new(line, start, text, self.ends.clone(), self.is_cut)
    }
}
