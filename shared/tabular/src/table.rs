use crate::decode::decode;
use crate::form::{Form, Named};
use crate::parser::Parser;
use crate::{Limits, Row, TabularError};

/// A CSV file with a header, of which one row at a time is held.
pub struct Table<'a> {
    columns: Vec<String>,
    /// The column `domain`.
    domain: Option<usize>,
    parser: Parser<'a>,
    max_rows: usize,
    /// Rows read so far.
    rows: usize,
}

impl<'a> Table<'a> {
    /// Reads the header: the first row that names a column `domain`, below a title at most; else the first row that is not
    /// empty. There may be no rows below it. A row is cut after `max_row_bytes` of text.
    pub fn open(
        bytes: &'a [u8],
        limits: Limits,
        max_row_bytes: usize,
    ) -> Result<Self, TabularError> {
        let text = decode(bytes, limits)?;
        let form = Form::of(text, max_row_bytes, &|row| {
            let column = find(&row.names(), &["domain"])?;
            Some(Named {
                column,
                is_known: true,
            })
        });
        let mut parser = Parser::new(text, form, max_row_bytes);
        let header = parser.next_row()?.ok_or(TabularError::Empty)?;
        let columns = header.names();
        Ok(Self {
            domain: find(&columns, &["domain"]),
            columns,
            parser,
            max_rows: limits.max_rows,
            rows: 0,
        })
    }

    /// The names of the columns as the file has them, without white space around them.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The index of the column that has one of these names; the first name that matches is used.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        find(&self.columns, names)
    }

    /// The next row, in the order of the file; `None` after the last.
    pub fn next_row(&mut self) -> Result<Option<Row>, TabularError> {
        let Some(row) = self.parser.next_row()? else {
            return Ok(None);
        };
        self.rows += 1;
        if self.rows > self.max_rows {
            return Err(self.too_many_rows());
        }
        let row = self.fit(row);
        row.check_quotes(self.domain.as_slice(), self.parser.delimiter())?;
        Ok(Some(row))
    }

    /// Reads the row again that has this [`Row::start`] and this line.
    pub fn row_at(&mut self, start: usize, line: u64) -> Result<Option<Row>, TabularError> {
        self.parser.seek(start, line);
        let row = self.parser.next_row()?;
        Ok(row.map(|row| self.fit(row)))
    }

    fn fit(&self, row: Row) -> Row {
        row.fit(self.columns.len(), self.parser.delimiter())
    }

    /// The error with the number of all rows.
    fn too_many_rows(&mut self) -> TabularError {
        loop {
            match self.parser.next_row() {
                Ok(Some(_)) => self.rows += 1,
                Ok(None) => {
                    return TabularError::TooManyRows {
                        rows: self.rows,
                        max_rows: self.max_rows,
                    };
                }
                Err(error) => return error,
            }
        }
    }
}

/// The index in `columns` of the first of `names` that is there; case and what is no letter or digit are ignored.
pub(crate) fn find<S: AsRef<str>>(columns: &[S], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        let mut columns = columns.iter();
        columns.position(|column| is_same_name(column.as_ref(), name))
    })
}

/// Whether two names of columns are the same but for case and what is no letter or digit: `Company Domain*` is `company_domain`.
pub(crate) fn is_same_name(name: &str, other: &str) -> bool {
    normalized(name) == normalized(other)
}

pub(crate) fn normalized(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.map(narrow).flat_map(char::to_lowercase).collect()
}

/// A full-width letter as it is in ASCII.
pub(crate) fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;

    const LIMITS: Limits = Limits {
        max_bytes: 10_000,
        max_rows: 3,
    };

    /// The columns and rows.
    fn read(file: &[u8]) -> Result<(Vec<String>, Vec<Row>), TabularError> {
        let mut table = Table::open(file, LIMITS, usize::MAX)?;
        let mut rows = Vec::new();
        while let Some(row) = table.next_row()? {
            rows.push(row);
        }
        Ok((table.columns, rows))
    }

    /// Columns, then each row with its line.
    #[track_caller]
    fn check(file: &str, columns: &[&str], rows: &[(u64, &[&str])]) {
        let (names, read) = read(file.as_bytes()).unwrap();
        assert_eq!(names, columns);
        let read: Vec<(u64, Vec<&str>)> = read
            .iter()
            .map(|row| (row.line, row.fields().collect()))
            .collect();
        let rows: Vec<(u64, Vec<&str>)> = rows
            .iter()
            .map(|(line, row)| (*line, row.to_vec()))
            .collect();
        assert_eq!(read, rows);
    }

    #[track_caller]
    fn refuse(file: impl AsRef<[u8]>, error: &TabularError) {
        assert_eq!(&read(file.as_ref()).unwrap_err(), error);
    }

    #[test]
    fn files_as_people_send_them() {
        let both: &[(u64, &[&str])] = &[(2, &["1", "2"]), (3, &["3", "4"])];
        check("a,b\n1,2\n3,4\n", &["a", "b"], both);
        check("a,b\n1,2\n3,4", &["a", "b"], both);
        check("a,b\r\n1,2\r\n3,4\r\n", &["a", "b"], both);
        check("a,b\r1,2\r3,4\r", &["a", "b"], both);
        check("\u{feff}a,b\n1,2\n3,4\n", &["a", "b"], both);
        check("\u{feff}\"a\";\"b\"\r\n1;2\r\n3;4", &["a", "b"], both);
        check("a\tb\n1\t2\n3\t4", &["a", "b"], both);
        check(" a ,\tb\n1,2\n3,4", &["a", "b"], both);
        check("a,b", &["a", "b"], &[]);
    }

    #[test]
    fn quoted_fields() {
        check(
            "a,b\n\"1,\n1\",2\n3,4",
            &["a", "b"],
            &[(2, &["1,\n1", "2"]), (4, &["3", "4"])],
        );
        check(
            "a,b\n\"1\r\n1\",2\r\n3,4",
            &["a", "b"],
            &[(2, &["1\r\n1", "2"]), (4, &["3", "4"])],
        );
        check(
            "a,b\n\"say \"\"hi\"\"\",2",
            &["a", "b"],
            &[(2, &["say \"hi\"", "2"])],
        );
        check("a,b\n5\" tools,2", &["a", "b"], &[(2, &["5\" tools", "2"])]);
        check("a\n\"1\"", &["a"], &[(2, &["1"])]);
    }

    #[test]
    fn empty_lines_are_skipped_and_lines_stay_right() {
        check(
            "\n\r\na,b\n\n\n1,2\n , \n,\n\n3,4\n\n",
            &["a", "b"],
            &[(6, &["1", "2"]), (10, &["3", "4"])],
        );
        check(
            "a,b\r\n\r\n1,2\r\n,\r\n3,4",
            &["a", "b"],
            &[(3, &["1", "2"]), (5, &["3", "4"])],
        );
        check(
            "a,b\r\r1,2\r3,4",
            &["a", "b"],
            &[(3, &["1", "2"]), (4, &["3", "4"])],
        );
    }

    #[test]
    fn ragged_rows() {
        check(
            "a,b,c\n1\n1,2,3,,\n",
            &["a", "b", "c"],
            &[(2, &["1", "", ""]), (3, &["1", "2", "3"])],
        );
        check(
            "a,b\n1,2,3\n1,,,4,",
            &["a", "b"],
            &[(2, &["1", "2,3"]), (3, &["1", ",,4"])],
        );
        check("a;b\n1;2;3", &["a", "b"], &[(2, &["1", "2;3"])]);
        let (_, rows) = read(b"a,b\n1,2,3,4\n1,2,,").unwrap();
        assert_eq!(rows.iter().map(Row::surplus).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(rows[0].get(9), "");
    }

    #[test]
    fn names_of_columns_match_in_any_spelling() {
        let file = b"Company Domain,COMPANY-NAME,e_mail\n";
        let table = Table::open(file, LIMITS, usize::MAX).unwrap();
        assert_eq!(table.column(&["domain", "company_domain"]), Some(0));
        assert_eq!(table.column(&["companyname"]), Some(1));
        assert_eq!(table.column(&["E-Mail", "company_domain"]), Some(2));
        assert_eq!(table.column(&["url"]), None);
        let file = "[domain],Kind*,＃ ｓｏｕｒｃｅ\n";
        let table = Table::open(file.as_bytes(), LIMITS, usize::MAX).unwrap();
        let found = ["domain", "kind", "source"].map(|name| table.column(&[name]));
        assert_eq!(found, [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn a_quoted_field_that_holds_a_row_is_refused() {
        refuse(
            "domain,kind,evidence\nacme.com,news,\"said 5\nbeta.com,news,6\"\n",
            &TabularError::RowInQuotes { line: 2, within: 3 },
        );
        check(
            "domain,kind,evidence\nacme.com,news,\"said\nbeta.com, too\"\n",
            &["domain", "kind", "evidence"],
            &[(2, &["acme.com", "news", "said\nbeta.com, too"])],
        );
    }

    #[test]
    fn what_is_refused() {
        refuse("", &TabularError::Empty);
        refuse("\u{feff}\r\n \n", &TabularError::Empty);
        refuse(",,\n,,", &TabularError::Empty);
        refuse(
            "PK\x03\x04xl/workbook.xml",
            &TabularError::NotCsv(Format::Excel),
        );
        refuse(b"a\nCaf\xe9", &TabularError::NotUtf8 { line: 2 });
        refuse("a\nb\n\0", &TabularError::NulByte { line: 3 });
        refuse(
            "x".repeat(10_001),
            &TabularError::TooLarge {
                bytes: 10_001,
                max_bytes: 10_000,
            },
        );
        refuse(
            ",".repeat(500) + "x",
            &TabularError::TooManyColumns { line: 1 },
        );
        refuse(
            "a,b\n1,2\n\"3,4\n5,6\n",
            &TabularError::UnclosedQuote { line: 3 },
        );
        refuse("a,b\n1,\"", &TabularError::UnclosedQuote { line: 2 });
        refuse("\"", &TabularError::UnclosedQuote { line: 1 });
    }

    #[test]
    fn rows_are_counted_beyond_the_limit() {
        assert_eq!(read(b"a\n1\n2\n3\n\n,\n").unwrap().1.len(), 3);
        refuse(
            "a\n1\n2\n3\n4\n",
            &TabularError::TooManyRows {
                rows: 4,
                max_rows: 3,
            },
        );
        refuse(
            "a\n".repeat(1002),
            &TabularError::TooManyRows {
                rows: 1001,
                max_rows: 3,
            },
        );
    }

    #[test]
    fn columns_are_read_up_to_the_limit_and_empty_ones_beyond_it_dropped() {
        let names: Vec<String> = (1..=500).map(|number| number.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check(&names.join(","), &names, &[]);
        check(&format!("{},, ,", names.join(",")), &names, &[]);
        refuse(
            "a\n\nx".to_owned() + &",x".repeat(500),
            &TabularError::TooManyColumns { line: 3 },
        );
    }

    #[test]
    fn a_row_can_be_read_again() {
        let file = b"a,b\r\n\r\n1,\"x\r\ny\"\r\n\r\n3,4\r\n";
        let mut table = Table::open(file, LIMITS, usize::MAX).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            rows.push(row);
        }
        for row in rows.iter().rev() {
            let again = table.row_at(row.start(), row.line).unwrap().unwrap();
            assert_eq!(again.line, row.line);
            assert!(again.fields().eq(row.fields()));
        }
    }

    #[test]
    fn a_long_row_is_cut_and_the_next_is_not() {
        let file = format!("a,b\n{},x\n1,2\n", "y".repeat(5_000));
        let mut table = Table::open(file.as_bytes(), LIMITS, 4_096).unwrap();
        let long = table.next_row().unwrap().unwrap();
        assert!(long.is_cut());
        assert!(long.held() <= 4_096 + 2 * size_of::<usize>());
        let short = table.next_row().unwrap().unwrap();
        assert!(!short.is_cut());
        assert!(short.fields().eq(["1", "2"]));
    }
}
