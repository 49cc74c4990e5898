use std::marker::PhantomData;

use api::FieldError;
use api::json::{self, JsonError};
use serde::de::DeserializeOwned;
use tabular::{Format, Limits, Row, Table};

/// Lines of a file.
pub const MAX_LINES: usize = 500_000;
/// Bytes of a line. The longest valid signal has some 10 kB.
pub const MAX_LINE_BYTES: usize = 65_536;

/// What a line of a file says: a JSON object, or the fields of a row.
pub trait ImportForm: DeserializeOwned {
    /// The columns that a file of rows must have.
    const REQUIRED: &'static [&'static str];
    /// Those that it may have. Others are not looked at.
    const OPTIONAL: &'static [&'static str];

    /// What a row says. `field` has the text of a column without white space around it, if it is not empty.
    fn of_row(field: impl Fn(&str) -> Option<String>) -> Self;
}

/// An import file, of which one line at a time is parsed.
pub struct ImportFile<'a, F> {
    source: Source<'a>,
    form: PhantomData<fn() -> F>,
}

enum Source<'a> {
    Csv(Box<Table<'a>>, Columns),
    Ndjson(Ndjson<'a>),
}

/// A line that is not empty.
pub struct Line<F> {
    /// Where it is, to read it again.
    pub place: Place,
    /// What it says, or what is wrong with it.
    pub form: Result<F, Vec<FieldError>>,
}

/// Where a line is in its file.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    start: usize,
    /// From 1.
    pub line: u64,
}

impl<'a, F: ImportForm> ImportFile<'a, F> {
    /// Opens a file in the format of its key's extension. The error goes into the report of a file that cannot be read.
    pub fn open(key: &str, bytes: &'a [u8]) -> Result<Self, String> {
        let source = match key.rsplit('.').next() {
            Some("csv") => {
                let limits = Limits {
                    max_bytes: usize::MAX,
                    max_rows: MAX_LINES,
                };
                let table = Table::open(bytes, limits, MAX_LINE_BYTES);
                let table = Box::new(table.map_err(|error| error.to_string())?);
                let columns = Columns::of::<F>(&table)?;
                Source::Csv(table, columns)
            }
            Some("ndjson") => Source::Ndjson(Ndjson::open(bytes)?),
            _ => return Err("the file name must end in .csv or .ndjson".to_owned()),
        };
        Ok(Self {
            source,
            form: PhantomData,
        })
    }

    /// The next line; `None` after the last.
    pub fn next_line(&mut self) -> Result<Option<Line<F>>, String> {
        match &mut self.source {
            Source::Csv(table, columns) => {
                let row = table.next_row().map_err(|error| error.to_string())?;
                Ok(row.map(|row| columns.line(&row)))
            }
            Source::Ndjson(file) => file.next_line(),
        }
    }

    /// Reads a line again.
    pub fn line_at(&mut self, place: Place) -> Result<Option<Line<F>>, String> {
        match &mut self.source {
            Source::Csv(table, columns) => {
                let row = table.row_at(place.start, place.line);
                let row = row.map_err(|error| error.to_string())?;
                Ok(row.map(|row| columns.line(&row)))
            }
            Source::Ndjson(file) => Ok(file.line_at(place)),
        }
    }
}

/// The columns of a CSV file that are used, by name.
struct Columns(Vec<(&'static str, usize)>);

impl Columns {
    fn of<F: ImportForm>(table: &Table<'_>) -> Result<Self, String> {
        let known = F::REQUIRED.iter().chain(F::OPTIONAL);
        let found = known.filter_map(|name| Some((*name, table.column(&[name])?)));
        let found = Self(found.collect());
        let missing = F::REQUIRED.iter().find(|name| found.index(name).is_none());
        match missing {
            Some(name) => Err(format!(
                "the column {name} is missing; the columns are {}",
                table.columns().join(", ")
            )),
            None => Ok(found),
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, index)| *index)
    }

    fn line<F: ImportForm>(&self, row: &Row) -> Line<F> {
        let field = |name: &str| {
            let text = row.get(self.index(name)?).trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Line {
            place: Place {
                start: row.start(),
                line: row.line,
            },
            form: if row.is_cut() {
                Err(vec![too_long()])
            } else {
                Ok(F::of_row(field))
            },
        }
    }
}

/// A file of JSON lines.
struct Ndjson<'a> {
    bytes: &'a [u8],
    /// Where the next line is.
    next: Place,
    /// Lines read so far that are not empty.
    lines: usize,
}

impl<'a> Ndjson<'a> {
    /// A file of another format is refused as a whole: each of its lines would be an error, and none would say why.
    fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
        if let Some(format) = Format::of(bytes).filter(|format| *format != Format::Json) {
            return Err(format!(
                "this is {format}, not JSON lines; write UTF-8 text, one object on each line"
            ));
        }
        let text = bytes.trim_ascii();
        let is_one = text.starts_with(b"[") && text.ends_with(b"]");
        let is_spread = matches!(text, [b'{', b'\r' | b'\n', ..]);
        if is_one || is_spread {
            let message = "this is JSON of several lines or an array, not JSON lines; write one object on each line, \
                           as jq -c '.[]' does with an array and jq -c . with objects";
            return Err(message.to_owned());
        }
        Ok(Self {
            bytes,
            next: Place { start: 0, line: 1 },
            lines: 0,
        })
    }

    fn next_line<F: ImportForm>(&mut self) -> Result<Option<Line<F>>, String> {
        while let Some(text) = self.text_at(self.next) {
            let place = self.next;
            self.next.start += text.len() + self.line_end(place.start + text.len());
            self.next.line += 1;
            if without_marks(text).is_empty() {
                continue;
            }
            self.lines += 1;
            if self.lines > MAX_LINES {
                return Err(format!(
                    "the file has more than {MAX_LINES} lines; split it"
                ));
            }
            return Ok(Some(parse(text, place)));
        }
        Ok(None)
    }

    fn line_at<F: ImportForm>(&self, place: Place) -> Option<Line<F>> {
        Some(parse(self.text_at(place)?, place))
    }

    /// The line that starts at a place; `None` after the last.
    fn text_at(&self, place: Place) -> Option<&'a [u8]> {
        let rest = self.bytes.get(place.start..)?;
        rest.split(|byte| matches!(byte, b'\r' | b'\n')).next()
    }

    /// The bytes of the line end at an offset: LF, CRLF or CR; one at the end of the file, so that none is read there again.
    fn line_end(&self, offset: usize) -> usize {
        let rest = self.bytes.get(offset..).unwrap_or_default();
        if rest.starts_with(b"\r\n") { 2 } else { 1 }
    }
}

/// The byte order mark. Files that are put together have one in each.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A line without white space around it, a byte order mark, and the marks of a record (RFC 7464) and of the end of a text.
fn without_marks(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    let line = line.strip_prefix(MARK).unwrap_or(line);
    let line = line.strip_prefix(b"\x1e").unwrap_or(line);
    line.strip_suffix(b"\x1a").unwrap_or(line).trim_ascii()
}

fn parse<F: ImportForm>(text: &[u8], place: Place) -> Line<F> {
    let form = if text.len() > MAX_LINE_BYTES {
        Err(vec![too_long()])
    } else {
        json::from_slice(without_marks(text)).map_err(|error| vec![of_line(text, &error)])
    };
    Line { place, form }
}

/// What is wrong with the JSON of a line. Its place is a column: the report has the line.
fn of_line(text: &[u8], error: &JsonError) -> FieldError {
    if std::str::from_utf8(text).is_err() {
        return FieldError {
            field: "".into(),
            reason: "line_not_utf8",
            message: "the line is not UTF-8 text; write the file in UTF-8".to_owned(),
        };
    }
    let mut error = FieldError::of_json(error);
    error.message = error.message.replace(" at line 1 column ", " at column ");
    if text.trim_ascii_end().ends_with(b",") {
        error.message += "; leave out the comma behind the object";
    }
    error
}

fn too_long() -> FieldError {
    FieldError {
        field: "".into(),
        reason: "line_too_long",
        message: format!("the line has more than {MAX_LINE_BYTES} bytes"),
    }
}
