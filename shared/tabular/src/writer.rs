use std::borrow::Cow;
use std::fmt::Display;

use csv::{Terminator, WriterBuilder};

use crate::parser::is_unseen;

/// Writes a CSV file in memory, field by field: RFC 4180, with CRLF, safe to open in a spreadsheet.
#[derive(Debug)]
pub struct Writer {
    csv: csv::Writer<Vec<u8>>,
    /// Whether a row begins with the next field.
    is_row_start: bool,
    /// Whether the cell that a spreadsheet with another separator than the comma makes of the fields so far is a number with a
    /// sign: what follows it could be computed with it.
    after_number: bool,
}

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
        Self {
            csv: builder
                .flexible(true)
                .terminator(Terminator::CRLF)
                .from_writer(Vec::new()),
            is_row_start: true,
            after_number: false,
        }
    }

    /// Adds a text. One that a spreadsheet could read as a formula gets a leading `'`.
    pub fn text(&mut self, text: &str) {
        let guarded = guarded(text, self.after_number);
        in_memory(self.csv.write_field(guarded.as_bytes()));
        let last = text.rsplit(CELL_ENDS).next().unwrap_or_default();
        if self.is_row_start || last.len() < text.len() {
            let last = last.trim_matches(|c| is_unseen(c) || c == '"');
            self.after_number = is_number(last);
        }
        self.is_row_start = false;
    }

    /// Adds a number. One that is not finite is left empty.
    pub fn number(&mut self, number: impl Number) {
        let text = number.to_string();
        let is_number = text.ends_with(|c: char| c.is_ascii_digit());
        let text = if is_number { text.as_str() } else { "" };
        in_memory(self.csv.write_field(text));
        self.after_number |= self.is_row_start && text.starts_with('-');
        self.is_row_start = false;
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        in_memory(self.csv.write_record(None::<&[u8]>));
        self.is_row_start = true;
        self.after_number = false;
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
        in_memory(self.csv.into_inner())
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

/// OWASP, CSV Injection: characters that a spreadsheet may begin a formula with.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What ends a cell in a spreadsheet that does not keep to the quotes, such as one whose list separator is `;`. A comma is none:
/// where it separates, a text with one is in quotes.
const CELL_ENDS: [char; 5] = [';', '|', '\t', '\r', '\n'];

/// The text with a `'` before everything that a spreadsheet could read as a formula. `after_number`: see [`Writer`].
fn guarded(text: &str, after_number: bool) -> Cow<'_, str> {
    let mut guarded = String::new();
    let mut written = 0;
    let mut start = 0;
    while let Some(rest) = text.get(start..) {
        let length = rest.find(CELL_ENDS).unwrap_or(rest.len());
        // Quotes at the start of what becomes a cell are not part of it.
        let quotes: &[char] = if start > 0 { &['"'] } else { &[] };
        // `-5,2*A1;` is one cell where a comma is the mark of decimals.
        let continues = after_number && start == 0 && length < rest.len() && !has_digits_only(rest);
        if is_formula(rest, length, quotes) || continues {
            guarded.push_str(text.get(written..start).unwrap_or_default());
            guarded.push('\'');
            written = start;
        }
        if length == rest.len() {
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

/// Whether a spreadsheet could read the first `length` bytes of a text as a formula. It may skip blanks before one, and quotes.
/// A number is none if it is all of the text: where the separator is another, the rest is in the same cell.
fn is_formula(text: &str, length: usize, quotes: &[char]) -> bool {
    let is_skipped = |c| is_unseen(c) || quotes.contains(&c);
    let cell = text.get(..length).unwrap_or_default();
    let is_sign = cell.trim_start_matches(is_skipped).starts_with(FORMULA);
    is_sign && !is_number(text.trim_start_matches(is_skipped))
}

/// Whether a text has a sign and nothing behind it to compute: a number, a share, a phone number, a dash.
fn is_number(text: &str) -> bool {
    let rest = text.trim_start_matches('-');
    let rest = if rest.len() == text.len() {
        text.strip_prefix('+')
    } else {
        Some(rest)
    };
    rest.is_some_and(has_digits_only)
}

/// Whether a text has only digits and what is written between and behind them.
fn has_digits_only(text: &str) -> bool {
    let mut chars = text.chars();
    chars.all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '\u{a0}' | '\u{202f}'))
}

fn in_memory<T, E: std::fmt::Debug>(written: Result<T, E>) -> T {
    #[expect(
        clippy::expect_used,
        reason = "rows may differ in length, and memory takes every write"
    )]
    written.expect("writing to memory succeeds")
}

#[cfg(test)]
pub(crate) mod spreadsheet;

#[cfg(test)]
mod tests {
    use super::spreadsheet::assert_safe;
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
        check("a|=1", "a|'=1");
        check("a;\"=1;x\"", "\"a;'\"\"=1;x\"\"\"");
        check("a;\" \"=1", "\"a;'\"\" \"\"=1\"");
        check("\"=1", "\"\"\"=1\"");
        check("a;-5", "a;-5");
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
    fn a_number_is_no_start_of_a_formula() {
        let row = |fields: &[&str]| {
            let mut writer = Writer::new();
            writer.row(fields);
            String::from_utf8(writer.finish()).unwrap()
        };
        assert_eq!(row(&["-5", "2*A1;x", "y"]), "-5,'2*A1;x,y\r\n");
        assert_eq!(row(&["a;-5", "2*A1;x", "y"]), "a;-5,'2*A1;x,y\r\n");
        assert_eq!(row(&["-5", "a", "2*A1;x"]), "-5,a,'2*A1;x\r\n");
        assert_eq!(
            row(&["-5", "2,5;6"]),
            "-5,\"2,5;6\"\r\n".replace("\"2", "\"'2")
        );
        assert_eq!(row(&["5", "2*A1;x"]), "5,2*A1;x\r\n");
        assert_eq!(row(&["-5;b"]), "'-5;b\r\n");
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
        /// No cell of a file is computed, whatever separates cells in the spreadsheet that opens it, and numbers stay as they are.
        #[test]
        fn no_cell_begins_a_formula(
            rows in vec(vec("[-+][0-9]{1,2}|[0-9&][*|!][a;x,|]{0,4}|[-=+@;|\t\r\n,\"' a1＝]{0,9}|=HYPERLINK\\(\"a\";\"b\"\\)|a[;|\t]\"?\"?[=@+-]x;?", 1..4), 1..6),
            numbers in vec("[-+]?[0-9]{1,3}([.,][0-9]{1,2})?%?|\\+49 30 [0-9]{3,7}", 3),
        ) {
            let mut writer = Writer::new();
            writer.row(&numbers);
            // The columns of results stand behind the file's own.
            for row in &rows { writer.row(row.iter().map(String::as_str).chain(["acme.com", "scored"])); }
            let file = String::from_utf8(writer.finish()).unwrap();
            assert_safe(&file);
            let limits = Limits { max_bytes: usize::MAX, max_rows: usize::MAX };
            let table = Table::open(file.as_bytes(), limits, usize::MAX);
            if let Ok(table) = table {
                prop_assert_eq!(&table.columns()[..3], &numbers[..]);
            }
        }

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
                    prop_assert_eq!(read.replace('\'', ""), field.replace('\'', ""));
                }
            }
            prop_assert!(table.next_row().unwrap().is_none());
        }
    }
}
