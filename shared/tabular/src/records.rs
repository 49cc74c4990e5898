use crate::decode::decode;
use crate::form::{Form, Named};
use crate::parser::Parser;
use crate::{Limits, Row, TabularError};

/// The rows of a file before it is known whether the first one is a header.
pub(crate) struct Records {
    rows: Vec<Row>,
    /// Rows in the file, including those over the limit, which are not stored.
    total: usize,
    delimiter: u8,
    limits: Limits,
}

impl Records {
    /// All rows that are not empty, from the header on; at least one. `named` is the column of domains of a row that is a
    /// header. Work is bounded by the bytes, memory by bytes and rows.
    pub(crate) fn read(
        bytes: &[u8],
        limits: Limits,
        named: impl Fn(&Row) -> Option<Named>,
    ) -> Result<Self, TabularError> {
        let text = decode(bytes, limits)?;
        let form = Form::of(text, usize::MAX, &named);
        let mut parser = Parser::new(text, form, usize::MAX);
        let (mut rows, mut total) = (Vec::new(), 0);
        while let Some(row) = parser.next_row()? {
            total += 1;
            // One more than the limit: the first may be a header.
            if rows.len() <= limits.max_rows {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return Err(TabularError::Empty);
        }
        Ok(Self {
            rows,
            total,
            delimiter: parser.delimiter(),
            limits,
        })
    }

    /// What separates the fields.
    pub(crate) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The first rows.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The first row as the names of the columns, and the rows below it. Empty columns at the end are left out.
    pub(crate) fn with_header(mut self) -> Result<(Vec<String>, Vec<Row>), TabularError> {
        let header = self.rows.remove(0);
        self.total -= 1;
        let used = self.rows.iter().map(Row::filled).max().unwrap_or(0);
        let mut columns = header.names();
        columns.truncate(used.max(header.filled()).max(1));
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        max_bytes: 2_000_000,
        max_rows: 1_000,
    };

    /// A thousand short rows, and another one in front of them or behind them.
    fn files(odd: &str) -> [String; 2] {
        let short = "a name,example.com\n".repeat(999);
        [format!("{odd}\n{short}"), format!("{short}{odd}\n")]
    }

    /// A file holds what it has: the text of its fields, and a number for each.
    #[track_caller]
    fn check(odd: &str) {
        for file in files(odd) {
            let records = Records::read(file.as_bytes(), LIMITS, |_| None).unwrap();
            let fields: usize = records.rows.iter().map(|row| row.cells().count()).sum();
            let held: usize = records.rows.iter().map(Row::held).sum();
            assert_eq!(records.rows.len(), 1_000);
            assert!(held <= file.len() + fields * size_of::<usize>(), "{held}");
        }
    }

    #[test]
    fn one_long_row_makes_no_other_row_large() {
        check(&format!("{},example.com", "x".repeat(300_000)));
        check(&format!("\"{}\",example.com", "\"\"".repeat(300_000)));
        check(&",x".repeat(499));
        check(&format!("a,example.com{}", ",".repeat(16_382)));
    }

    #[test]
    fn rows_with_too_many_columns_are_refused_with_their_line() {
        let empty = format!("x{}", ",".repeat(16_384));
        for odd in [",x".repeat(500), empty, ",".repeat(70_000)] {
            for (file, line) in files(&odd).iter().zip([1, 1_000]) {
                let error = Records::read(file.as_bytes(), LIMITS, |_| None).err();
                assert_eq!(error, Some(TabularError::TooManyColumns { line }));
            }
        }
    }
}
