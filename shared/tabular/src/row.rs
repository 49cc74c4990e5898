use types::Domain;

use crate::TabularError;
use crate::parser::{is_blank, is_unseen};

/// A row of a table. It holds its fields and no more, whatever the longest row of the file is.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line of the file on which the row starts, from 1.
    pub line: u64,
    start: usize,
    text: Box<str>,
    /// Where in `text` each field ends.
    ends: Vec<usize>,
    width: usize,
    surplus: usize,
    is_cut: bool,
}

impl Row {
    /// A row as the file has it.
    pub(crate) const fn new(
        line: u64,
        start: usize,
        text: Box<str>,
        ends: Vec<usize>,
        is_cut: bool,
    ) -> Self {
        Self {
            line,
            start,
            text,
            ends,
            width: 0,
            surplus: 0,
            is_cut,
        }
    }

    /// The offset of the row in the text of the file, for [`Table::row_at`](crate::Table::row_at).
    pub const fn start(&self) -> usize {
        self.start
    }

    /// The field in a column, from 0; empty where the row is too short.
    pub fn get(&self, column: usize) -> &str {
        let start = column.checked_sub(1).map(|before| self.ends.get(before));
        let start = start.map_or(0, |end| end.copied().unwrap_or(0));
        let end = self.ends.get(column).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    /// As many fields as the table has columns.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.width).map(|column| self.get(column))
    }

    /// How many fields the row has beyond the last column. They are joined to the field of the last column.
    pub const fn surplus(&self) -> usize {
        self.surplus
    }

    /// Whether the row has more text than was asked for, so that fields are missing or incomplete.
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The fields that the file has.
    pub(crate) fn cells(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.ends.len()).map(|column| self.get(column))
    }

    /// The fields as names of columns.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |field: &str| field.trim_matches(is_unseen).to_owned();
        self.cells().map(name).collect()
    }

    /// The number of fields up to the last that is not empty.
    pub(crate) fn filled(&self) -> usize {
        let last = self.ends.len();
        (1..=last)
            .rev()
            .find(|count| !is_blank(self.get(count - 1)))
            .unwrap_or(0)
    }

    /// Refuses a row of which a quoted field holds a line that looks like a row of its own, with a domain in its place: the quote
    /// that should have closed it is missing, and the next one is another field's.
    pub(crate) fn check_quotes(
        &self,
        domains: &[usize],
        delimiter: u8,
    ) -> Result<(), TabularError> {
        let mut within = self.line;
        for (column, field) in self.cells().enumerate() {
            if !field.contains(['\r', '\n']) {
                continue;
            }
            let field = field.replace("\r\n", "\n");
            let mut lines = field.split(['\r', '\n']).peekable();
            let mut is_first = true;
            while let Some(line) = lines.next() {
                let is_last = lines.peek().is_none();
                // The field begins in one row and ends in another.
                let before = if is_first { column } else { 0 };
                let after = if is_last { self.width - column - 1 } else { 0 };
                let parts: Vec<&str> = line.split(char::from(delimiter)).collect();
                let is_row = parts.len() > 1 && parts.len() + before + after == self.width;
                let holds_domain = |domain: &usize| {
                    let part = domain
                        .checked_sub(before)
                        .and_then(|index| parts.get(index));
                    part.is_some_and(|part| Domain::parse(part).is_ok())
                };
                if is_row && !(is_first && is_last) && domains.iter().any(holds_domain) {
                    let line = self.line;
                    return Err(TabularError::RowInQuotes { line, within });
                }
                within += u64::from(!is_last);
                is_first = false;
            }
        }
        Ok(())
    }

    /// Bytes on the heap.
    #[cfg(test)]
    pub(crate) const fn held(&self) -> usize {
        self.text.len() + self.ends.capacity() * size_of::<usize>()
    }

    /// Fits the row to a table of `width` columns, at least one.
    pub(crate) fn fit(mut self, width: usize, delimiter: u8) -> Self {
        self.width = width;
        let filled = |count: &usize| !self.get(count - 1).is_empty();
        let used = (1..=self.ends.len()).rev().find(filled).unwrap_or(0);
        if used > width {
            self.surplus = used - width;
            let last: Vec<&str> = self.cells().take(used).skip(width - 1).collect();
            let last = last.join(char::from(delimiter).encode_utf8(&mut [0; 4]));
            let before: String = self.cells().take(width - 1).collect();
            self.ends.truncate(width - 1);
            self.text = (before + &last).into();
            self.ends.push(self.text.len());
        }
        self.ends.truncate(width);
        self.ends.shrink_to_fit();
        self
    }
}
