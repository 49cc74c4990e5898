use std::borrow::Cow;
use std::fmt::Display;

use csv::{Terminator, WriterBuilder};

use crate::parser::is_unseen;

/// Writes a CSV file in memory, field by field: RFC 4180, with CRLF, safe to open in a spreadsheet.
#[derive(Debug)]
pub struct Writer(csv::Writer<Vec<u8>>);

/// A number that Assay computed. It is written as it is, minus sign included, which third-party text never is.
pub trait Number: Copy + Display + sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($number:ty),*) => { $(impl sealed::Sealed for $number {} impl Number for $number {})* };
}
numbers!(
    types::Credits,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    f64
);

impl Writer {
    /// An empty file.
    pub fn new() -> Self {
        let mut builder = WriterBuilder::new();
        Self(
            builder
                .flexible(true)
                .terminator(Terminator::CRLF)
                .from_writer(Vec::new()),
        )
    }

    /// Adds a text. One that a spreadsheet could read as a formula gets a leading `'`.
    pub fn text(&mut self, text: &str) {
        in_memory(self.0.write_field(guarded(text).as_bytes()));
    }

    /// Adds a number. One that is not finite is left empty.
    pub fn number(&mut self, number: impl Number) {
        let text = number.to_string();
        let is_number = text.ends_with(|c: char| c.is_ascii_digit());
        in_memory(
            self.0
                .write_field(if is_number { text.as_str() } else { "" }),
        );
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        in_memory(self.0.write_record(None::<&[u8]>));
    }

    /// Adds texts and ends the row.
    pub fn row<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        for text in texts {
            self.text(text.as_ref());
        }
        self.end_row();
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        in_memory(self.0.into_inner())
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

/// OWASP, CSV Injection: characters that a spreadsheet may begin a formula with.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What begins a cell in a spreadsheet that does not keep to the quotes, such as one whose list separator is `;`.
const CELL_ENDS: [char; 4] = [';', '\t', '\r', '\n'];

/// The text with a `'` before everything that a spreadsheet could read as a formula.
fn guarded(text: &str) -> Cow<'_, str> {
    let mut guarded = String::new();
    let mut written = 0;
    let mut start = 0;
    while let Some(cell) = text.get(start..) {
        let length = cell.find(CELL_ENDS).unwrap_or(cell.len());
        if is_formula(cell.get(..length).unwrap_or_default()) {
            guarded.push_str(text.get(written..start).unwrap_or_default());
            guarded.push('\'');
            written = start;
        }
        if length == cell.len() {
            break;
        }
        start += length + 1;
    }
    if guarded.is_empty() {
        return Cow::Borrowed(text);
    }
    guarded.push_str(text.get(written..).unwrap_or_default());
    Cow::Owned(guarded)
}

/// Whether a spreadsheet could read a cell as a formula. It may skip blanks before one.
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches(is_unseen);
    cell.starts_with(FORMULA) && !is_number(cell)
}

/// Whether a text has a sign and nothing behind it to compute: a number, a share, a phone number, a dash.
fn is_number(text: &str) -> bool {
    let rest = text.trim_start_matches('-');
    let rest = if rest.len() == text.len() {
        text.strip_prefix('+')
    } else {
        Some(rest)
    };
    rest.is_some_and(|rest| {
        rest.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '\u{a0}' | '\u{202f}')
        })
    })
}

fn in_memory<T, E: std::fmt::Debug>(written: Result<T, E>) -> T {
    #[expect(
        clippy::expect_used,
        reason = "rows may differ in length, and memory takes every write"
    )]
    written.expect("writing to memory succeeds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Table};
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, written: &str) {
        let mut writer = Writer::new();
        writer.row([text, "end"]);
        assert_eq!(
            String::from_utf8(writer.finish()).unwrap(),
            format!("{written},end\r\n")
        );
    }

    #[test]
    fn texts_are_quoted_and_guarded() {
        check("Stripe", "Stripe");
        check("", "");
        check("Stripe, Inc.", "\"Stripe, Inc.\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "\t'=1");
        check("\r=1", "\"\r'=1\"");
        check("\n=1", "\"\n'=1\"");
        check("＝1", "'＝1");
        check(" \u{a0}\u{feff}=1", "' \u{a0}\u{feff}=1");
        check("a;=1", "a;'=1");
        check("a; @b;c\t-d", "a;' @b;c\t'-d");
        check("a;b", "a;b");
        check(
            "=HYPERLINK(\"a\",\"b\")",
            "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"",
        );
        check("a=b", "a=b");
    }

    #[test]
    fn what_looks_like_a_number_stays_one() {
        for text in [
            "-5.2",
            "-12%",
            "+49 30 1234567",
            "+1",
            "-",
            "--",
            "-5",
            "- 5",
            "+1\u{a0}000",
            "(5)",
        ] {
            check(text, text);
        }
        check("-1,234.56", "\"-1,234.56\"");
        for text in [
            "-1+2", "+49-30", "-A1", "+1*2", "-2(3)", "@1", "=5", "--1-1",
        ] {
            check(text, &format!("'{text}"));
        }
    }

    #[test]
    fn numbers_stay_numbers() {
        let mut writer = Writer::new();
        writer.number(-5);
        writer.number(12.5);
        writer.number(f64::NEG_INFINITY);
        writer.number(f64::NAN);
        writer.number(7_u8);
        writer.end_row();
        assert_eq!(writer.finish(), b"-5,12.5,,,7\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(rows in vec(vec("\\PC{0,9}|[-=+@\\t\\r\\n,;\"'a ]{0,6}", 3), 0..9)) {
            let mut writer = Writer::new();
            writer.row(["a", "b", "c"]);
            for row in &rows {
                // The reader skips rows without text.
                writer.text("x");
                writer.row(row);
            }
            let limits = Limits { max_bytes: usize::MAX, max_rows: usize::MAX };
            let file = [&b"x,"[..], &writer.finish()].concat();
            let mut table = Table::open(&file, limits, usize::MAX).unwrap();
            for row in &rows {
                let read = table.next_row().unwrap().unwrap();
                for (read, field) in read.fields().skip(1).zip(row) {
                    prop_assert!(read.split(CELL_ENDS).all(|cell| !is_formula(cell)));
                    prop_assert_eq!(read, guarded(field));
                    prop_assert_eq!(read.replace('\'', ""), field.replace('\'', ""));
                }
            }
            prop_assert!(table.next_row().unwrap().is_none());
        }
    }
}
