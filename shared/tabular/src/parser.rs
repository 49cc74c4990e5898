use crate::decode::Lines;
use crate::form::Form;
use crate::{MAX_COLUMNS, Row, TabularError};

/// The most fields that a row may have, empty ones behind the last column included: as many as a spreadsheet has columns.
const MAX_FIELDS: usize = 16_384;

/// Reads the rows of a text one at a time. It holds one row, so memory is bounded by the longest one.
///
/// RFC 4180, with two differences: blanks are allowed around a quoted field, and a quote inside an unquoted field is text.
/// What a quoted field may not be followed by is refused, since it shows that a quote before it was meant otherwise.
pub(crate) struct Parser<'a> {
    text: &'a str,
    delimiter: u8,
    quote: u8,
    /// The offset of what is read next.
    at: usize,
    lines: Lines<'a>,
    record: Record,
}

/// The row that is being read. Its buffers grow with the longest row and are used again; what is stored is a copy of their
/// content.
struct Record {
    text: String,
    ends: Vec<usize>,
    /// Empty fields beyond [`MAX_COLUMNS`], which are dropped.
    dropped: usize,
    max_bytes: usize,
    is_cut: bool,
}

impl<'a> Parser<'a> {
    /// Begins where the form of the text says. A row is cut after `max_row_bytes` of text.
    pub(crate) fn new(text: &'a str, form: Form, max_row_bytes: usize) -> Self {
        Self {
            text,
            delimiter: form.delimiter,
            quote: form.quote,
            at: form.start,
            lines: Lines::new(text.as_bytes()),
            record: Record {
                text: String::new(),
                ends: Vec::new(),
                dropped: 0,
                max_bytes: max_row_bytes,
                is_cut: false,
            },
        }
    }

    pub(crate) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The next row that is not empty.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, TabularError> {
        while self.skip_line_ends() {
            let row = self.row()?;
            if row.cells().any(|field| !is_blank(field)) || row.is_cut() {
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
        self.at += self.count(|byte| is_line_end(*byte));
        self.at < self.text.len()
    }

    fn row(&mut self) -> Result<Row, TabularError> {
        let (start, line) = (self.at, self.lines.at(self.at));
        self.record.clear();
        loop {
            self.field(line)?;
            if !self.record.end_field() {
                return Err(TabularError::TooManyColumns { line });
            }
            if self.next() != Some(self.delimiter) {
                return Ok(self.record.row(line, start));
            }
            self.at += 1;
        }
    }

    /// Reads a field, up to the delimiter or line end behind it.
    fn field(&mut self, line: u64) -> Result<(), TabularError> {
        let blanks = self.blanks();
        if self.rest().get(blanks) != Some(&self.quote) {
            let length = self.count(|byte| *byte != self.delimiter && !is_line_end(*byte));
            self.take(length);
            return Ok(());
        }
        self.at += blanks;
        // A quote in a quoted field is written twice.
        while self.next() == Some(self.quote) {
            self.at += 1;
            let length = self.count(|byte| *byte != self.quote);
            if self.rest().len() == length {
                return Err(TabularError::UnclosedQuote { line });
            }
            self.take(length);
            self.at += 1;
            if self.next() == Some(self.quote) {
                let quote = char::from(self.quote);
                self.record.push(quote.encode_utf8(&mut [0; 4]));
            }
        }
        self.at += self.blanks();
        match self.next() {
            None => Ok(()),
            Some(byte) if byte == self.delimiter || is_line_end(byte) => Ok(()),
            Some(_) => Err(TabularError::TextAfterQuote { line }),
        }
    }

    /// Takes bytes over into the record.
    fn take(&mut self, length: usize) {
        let end = self.at + length;
        self.record
            .push(self.text.get(self.at..end).unwrap_or_default());
        self.at = end;
    }

    /// The blanks here that are no delimiters.
    fn blanks(&self) -> usize {
        self.count(|byte| matches!(byte, b' ' | b'\t') && *byte != self.delimiter)
    }

    /// How many of the next bytes are such.
    fn count(&self, is_such: impl Fn(&u8) -> bool) -> usize {
        let rest = self.rest();
        let end = rest.iter().position(|byte| !is_such(byte));
        end.unwrap_or(rest.len())
    }

    fn next(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Whether a field has nothing to see: white space, or marks of byte order and direction.
pub(crate) fn is_blank(field: &str) -> bool {
    field.chars().all(is_unseen)
}

/// Characters that are not seen at the edge of a text.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_whitespace() || types::is_mark(c)
}

impl Record {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.dropped = 0;
        self.is_cut = false;
    }

    fn push(&mut self, text: &str) {
        if self.text.len() + text.len() > self.max_bytes {
            self.is_cut = true;
        } else {
            self.text.push_str(text);
        }
    }

    /// Whether the row may have the field that ends here.
    fn end_field(&mut self) -> bool {
        if self.ends.len() < MAX_COLUMNS {
            self.ends.push(self.text.len());
            return true;
        }
        let start = self.ends.last().copied().unwrap_or(0);
        let is_empty = is_blank(self.text.get(start..).unwrap_or_default());
        self.text.truncate(start);
        self.dropped += 1;
        is_empty && self.dropped <= MAX_FIELDS - MAX_COLUMNS
    }

    fn row(&self, line: u64, start: usize) -> Row {
        Row::new(
            line,
            start,
            self.text.as_str().into(),
            self.ends.clone(),
            self.is_cut,
        )
    }
}
