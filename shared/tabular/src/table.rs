use crate::records::Records;
use crate::{Limits, Row, TabularError};

/// A CSV file with a header.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

impl Table {
    /// Reads a whole file; its first line that is not empty is the header. There may be no rows below it.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, TabularError> {
        let (columns, rows) = Records::read(bytes, limits)?.with_header()?;
        Ok(Self { columns, rows })
    }

    /// The names of the columns as the file has them, without white space around them.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The index of the column that has one of these names; the first name that matches is used.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        find(&self.columns, names)
    }
}

/// The index in `columns` of the first of `names` that is there; case, spaces, hyphens and underscores are ignored.
pub(crate) fn find<S: AsRef<str>>(columns: &[S], names: &[&str]) -> Option<usize> {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| normalized(column.as_ref()))
        .collect();
    names.iter().find_map(|name| {
        let name = normalized(name);
        columns.iter().position(|column| *column == name)
    })
}

fn normalized(name: &str) -> String {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '_');
    name.chars()
        .filter(counts)
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;

    const LIMITS: Limits = Limits {
        max_bytes: 10_000,
        max_rows: 3,
    };

    /// Columns, then each row with its line.
    #[track_caller]
    fn check(file: &str, columns: &[&str], rows: &[(u64, &[&str])]) {
        let table = Table::read(file.as_bytes(), LIMITS).unwrap();
        assert_eq!(table.columns(), columns);
        let read: Vec<(u64, Vec<&str>)> = table
            .rows()
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
        assert_eq!(&Table::read(file.as_ref(), LIMITS).unwrap_err(), error);
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
        let table = Table::read(b"a,b\n1,2,3,4\n1,2,,", LIMITS).unwrap();
        assert_eq!(
            table.rows().iter().map(Row::surplus).collect::<Vec<_>>(),
            [2, 0]
        );
        assert_eq!(table.rows()[0].get(9), "");
    }

    #[test]
    fn names_of_columns_match_in_any_spelling() {
        let table = Table::read(b"Company Domain,COMPANY-NAME,e_mail\n", LIMITS).unwrap();
        assert_eq!(table.column(&["domain", "company_domain"]), Some(0));
        assert_eq!(table.column(&["companyname"]), Some(1));
        assert_eq!(table.column(&["E-Mail", "company_domain"]), Some(2));
        assert_eq!(table.column(&["url"]), None);
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
            &TabularError::TooManyColumns { columns: 501 },
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
        assert_eq!(
            Table::read(b"a\n1\n2\n3\n\n,\n", LIMITS)
                .unwrap()
                .rows()
                .len(),
            3
        );
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
}
