use std::cmp::Reverse;

use types::Domain;

use crate::parser::Parser;
use crate::{Row, TabularError};

/// What may separate fields, the most usual first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// Rows that are looked at to find the form.
const SAMPLE: usize = 60;
/// Rows that may stand above the header, such as a title.
const MAX_ABOVE: usize = 10;

/// How a file is written: what separates and quotes its fields, and where its first row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    /// The offset of the header, or of the first row if there is none.
    pub(crate) start: usize,
}

/// The column of domains of a row that is a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) column: usize,
    /// Whether its name is a known one, and not only one with a word that says so, as a title may have.
    pub(crate) is_known: bool,
}

/// How well a delimiter fits, the most important first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// A row names the column of domains, by a known name.
    has_known_header: bool,
    /// A row names it.
    has_header: bool,
    /// Rows in a thousand with a domain in the same column.
    domains: usize,
    /// Rows in a thousand with as many fields as the first.
    even: usize,
    width: usize,
}

impl Form {
    /// The form of a text. `named` is the column of domains of a row that is a header. A row is cut after
    /// `max_row_bytes` of text.
    ///
    /// A first line `sep=;`, as Excel writes it, says the delimiter. Else it is the one under which a row names the column of
    /// domains, domains are in that column, and rows have as many fields as the header; a comma if several are equal.
    pub(crate) fn of(
        text: &str,
        max_row_bytes: usize,
        named: &dyn Fn(&Row) -> Option<Named>,
    ) -> Self {
        let (declared, start) = declared(text);
        let candidates = declared.as_slice();
        let candidates = if candidates.is_empty() {
            &DELIMITERS
        } else {
            candidates
        };
        let fits = candidates.iter().rev().map(|delimiter| {
            let form = Self {
                delimiter: *delimiter,
                quote: b'"',
                start,
            };
            form.fit(text, max_row_bytes, named)
        });
        // Of equal ones `max_by_key` takes the last.
        let best = fits.max_by_key(|(fit, _)| *fit);
        let none = Self {
            delimiter: b',',
            quote: b'"',
            start,
        };
        let form = best.map_or(none, |(_, form)| form);
        let quote = if form.is_in_single_quotes(text, max_row_bytes) {
            b'\''
        } else {
            b'"'
        };
        Self { quote, ..form }
    }

    /// Whether every field of the first row is in single quotes. Where only some are, they are apostrophes as well as quotes.
    fn is_in_single_quotes(self, text: &str, max_row_bytes: usize) -> bool {
        let quoted =
            |field: &str| field.len() > 1 && field.starts_with('\'') && field.ends_with('\'');
        let first = Parser::new(text, self, max_row_bytes).next_row();
        first.is_ok_and(|row| row.is_some_and(|row| row.cells().map(str::trim).all(quoted)))
    }

    /// How well the delimiter fits, and the form with the place of the header.
    fn fit(
        self,
        text: &str,
        max_row_bytes: usize,
        named: &dyn Fn(&Row) -> Option<Named>,
    ) -> (Fit, Self) {
        let (rows, error) = self.sample(text, max_row_bytes);
        // Nobody's company is skipped: a row above the header names none.
        let above = rows
            .iter()
            .take(MAX_ABOVE)
            .take_while(|row| !has_domain(row));
        let headers = above
            .enumerate()
            .filter_map(|(index, row)| Some((index, named(row)?, row.filled() > 1)));
        // The first of the best: a title has one field.
        let headers =
            headers.map(|(index, named, is_wide)| (named.is_known, is_wide, Reverse(index), named));
        let header =
            headers.max_by_key(|(is_known, is_wide, index, _)| (*is_known, *is_wide, *index));
        let header = header.map(|(.., index, named)| (index.0, named));
        // A header may have names that are domains, such as `domain.name`.
        let header = header.or_else(|| Some((0, named(rows.first()?)?)));
        let first = header.map_or(0, |(index, _)| index);
        let rows = rows.get(first..).unwrap_or_default();
        let below = rows
            .get(usize::from(header.is_some())..)
            .unwrap_or_default();
        let width = rows.first().map_or(0, Row::filled);
        let fields = rows.first().map_or(0, |row| row.cells().len());
        let is_even = |row: &&Row| row.filled() == width || row.cells().len() == fields;
        let of_rows =
            |count: usize| count * 1_000 / (below.len() + usize::from(error.is_some())).max(1);
        let holds = |column: usize| below.iter().filter(|row| holds_domain(row, column)).count();
        let domains = match header {
            Some((_, named)) => holds(named.column),
            None => (0..fields).map(holds).max().unwrap_or(0),
        };
        let even = below.iter().filter(is_even).count();
        let fit = Fit {
            has_known_header: header.is_some_and(|(_, named)| named.is_known),
            has_header: header.is_some(),
            domains: of_rows(domains),
            // That every row has one field says nothing.
            even: if width > 1 { of_rows(even) } else { 0 },
            width: width.max(1),
        };
        let start = rows.first().map_or(self.start, Row::start);
        (fit, Self { start, ..self })
    }

    /// The first rows, and the error that ended them.
    fn sample(self, text: &str, max_row_bytes: usize) -> (Vec<Row>, Option<TabularError>) {
        let mut parser = Parser::new(text, self, max_row_bytes);
        let mut rows = Vec::new();
        while rows.len() < SAMPLE {
            match parser.next_row() {
                Ok(Some(row)) => rows.push(row),
                Ok(None) => break,
                Err(error) => return (rows, Some(error)),
            }
        }
        (rows, None)
    }
}

/// Whether a field is a domain, and not two fields of which one is.
pub(crate) fn holds_domain(row: &Row, column: usize) -> bool {
    let field = row.get(column);
    !field.contains(DELIMITERS.map(char::from)) && Domain::parse(field).is_ok()
}

/// Whether a row names a domain, whatever separates its fields.
pub(crate) fn has_domain(row: &Row) -> bool {
    let mut parts = row
        .cells()
        .flat_map(|field| field.split(DELIMITERS.map(char::from)));
    parts.any(|part| Domain::parse(part).is_ok())
}

/// The delimiter that a first line such as `sep=;` declares, if there is one, and where the rows begin.
fn declared(text: &str) -> (Option<u8>, usize) {
    let begin = text.len() - text.trim_start_matches(['\r', '\n', '\u{feff}']).len();
    let rest = text.get(begin..).unwrap_or_default();
    let line = rest.split(['\r', '\n']).next().unwrap_or_default();
    let said = line.trim_matches([' ', '"']);
    let value = match said.split_at_checked(4) {
        Some((word, value)) if word.eq_ignore_ascii_case("sep=") => value,
        _ => return (None, begin),
    };
    match value.as_bytes() {
        [delimiter] if delimiter.is_ascii_punctuation() || *delimiter == b'\t' => {
            (Some(*delimiter), begin + line.len())
        }
        _ => (None, begin),
    }
}
