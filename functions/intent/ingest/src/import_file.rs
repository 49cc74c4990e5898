use api::json::{self, JsonError};
use tabular::{Format, Limits, Row, Table};

use crate::form::{FieldError, Given, SignalForm};

/// Lines of a file.
const MAX_LINES: usize = 500_000;
/// Bytes of a line. The longest valid signal has some 10 kB.
const MAX_LINE_BYTES: usize = 65_536;

/// An import file, of which one line at a time is parsed.
pub(crate) enum ImportFile<'a> {
    Csv(Box<Table<'a>>, Columns),
    Ndjson(Ndjson<'a>),
}

/// A line that is not empty.
pub(crate) struct Line {
    /// Where it is, to read it again.
    pub(crate) place: Place,
    pub(crate) form: Result<SignalForm, Vec<FieldError>>,
}

/// Where a line is in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    start: usize,
    /// From 1.
    pub(crate) line: u64,
}

impl<'a> ImportFile<'a> {
    /// Opens a file in the format of its key's extension. The error goes into the report of a file that cannot be read.
    pub(crate) fn open(key: &str, bytes: &'a [u8]) -> Result<Self, String> {
        match key.rsplit('.').next() {
            Some("csv") => {
                let limits = Limits {
                    max_bytes: usize::MAX,
                    max_rows: MAX_LINES,
                };
                let table = Table::open(bytes, limits, MAX_LINE_BYTES);
                let table = Box::new(table.map_err(|error| error.to_string())?);
                let columns = Columns::of(&table)?;
                Ok(Self::Csv(table, columns))
            }
            Some("ndjson") => Ndjson::open(bytes).map(Self::Ndjson),
            _ => Err("the file name must end in .csv or .ndjson".to_owned()),
        }
    }

    /// The next line; `None` after the last.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line>, String> {
        match self {
            Self::Csv(table, columns) => {
                let row = table.next_row().map_err(|error| error.to_string())?;
                Ok(row.map(|row| columns.line(&row)))
            }
            Self::Ndjson(file) => file.next_line(),
        }
    }

    /// Reads a line again.
    pub(crate) fn line_at(&mut self, place: Place) -> Result<Option<Line>, String> {
        match self {
            Self::Csv(table, columns) => {
                let row = table.row_at(place.start, place.line);
                let row = row.map_err(|error| error.to_string())?;
                Ok(row.map(|row| columns.line(&row)))
            }
            Self::Ndjson(file) => Ok(file.line_at(place)),
        }
    }
}

/// The columns of a CSV file that are used.
pub(crate) struct Columns {
    domain: usize,
    kind: usize,
    observed_at: usize,
    source: usize,
    external_id: usize,
    strength: Option<usize>,
    evidence: Option<usize>,
    url: Option<usize>,
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Self, String> {
        let missing = |name: &str| {
            format!(
                "the column {name} is missing; the columns are {}",
                table.columns().join(", ")
            )
        };
        let required = |name: &'static str| table.column(&[name]).ok_or_else(|| missing(name));
        Ok(Self {
            domain: required("domain")?,
            kind: required("kind")?,
            observed_at: required("observed_at")?,
            source: required("source")?,
            external_id: required("external_id")?,
            strength: table.column(&["strength"]),
            evidence: table.column(&["evidence"]),
            url: table.column(&["url"]),
        })
    }

    fn line(&self, row: &Row) -> Line {
        Line {
            place: Place {
                start: row.start(),
                line: row.line,
            },
            form: if row.is_cut() {
                Err(vec![too_long()])
            } else {
                Ok(self.form(row))
            },
        }
    }

    fn form(&self, row: &Row) -> SignalForm {
        let optional = |column: Option<usize>| {
            column
                .map(|column| row.get(column).trim())
                .filter(|text| !text.is_empty())
        };
        SignalForm {
            domain: row.get(self.domain).to_owned(),
            kind: row.get(self.kind).to_owned(),
            strength: optional(self.strength).map(|text| Given::Text(text.to_owned())),
            observed_at: row.get(self.observed_at).to_owned(),
            source: row.get(self.source).to_owned(),
            external_id: row.get(self.external_id).to_owned(),
            evidence: optional(self.evidence).map(str::to_owned),
            url: optional(self.url).map(str::to_owned),
        }
    }
}

/// A file of JSON lines.
pub(crate) struct Ndjson<'a> {
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

    fn next_line(&mut self) -> Result<Option<Line>, String> {
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

    fn line_at(&self, place: Place) -> Option<Line> {
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

fn parse(text: &[u8], place: Place) -> Line {
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

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use types::Timestamp;

    /// Every line of a file, each of them read twice.
    fn read(key: &str, file: &str) -> Result<Vec<String>, String> {
        let mut open = ImportFile::open(key, file.as_bytes())?;
        let mut again = ImportFile::open(key, file.as_bytes())?;
        let mut lines = Vec::new();
        while let Some(line) = open.next_line()? {
            let read = shown(&line);
            assert_eq!(shown(&again.line_at(line.place)?.unwrap()), read);
            lines.push(read);
        }
        Ok(lines)
    }

    fn shown(line: &Line) -> String {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        match line.form.clone().and_then(|form| form.parse(now)) {
            Ok((domain, signal)) => {
                format!("{domain} {} {}", signal.external_id, signal.strength.get())
            }
            Err(errors) => {
                let wrong = errors
                    .iter()
                    .map(|error| format!("{} {}", error.field, error.reason));
                let wrong: Vec<String> = wrong.collect();
                format!("line {}: {}", line.place.line, wrong.join(", "))
            }
        }
    }

    #[track_caller]
    fn check(key: &str, file: &str, expected: &Expect) {
        let lines = read(key, file).unwrap_or_else(|error| vec![format!("nothing read: {error}")]);
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn csv_by_its_header() {
        check(
            "import/a.csv",
            "Kind,Domain,observed at,source,external_id,strength,extra\n\
             hiring,stripe.com,2026-11-01,x,1,0.7,\n\
             \n\
             hiring,stripe.com,2026-11-01,x,2,,\n\
             dancing,not a domain,2026-11-01,x,3,much,\n",
            &expect![[r#"
                stripe.com 1 0.7
                stripe.com 2 0.5
                line 5: domain domain_malformed, kind kind_unknown, strength strength_invalid"#]],
        );
        check(
            "import/a.csv",
            "domain,kind\na,b\n",
            &expect![
                "nothing read: the column observed_at is missing; the columns are domain, kind"
            ],
        );
    }

    #[test]
    fn ndjson_line_by_line() {
        check(
            "import/a.ndjson",
            "{\"domain\":\"stripe.com\",\"kind\":\"hiring\",\"observed_at\":\"2026-11-01\",\"source\":\"x\",\"external_id\":\"1\"}\n\
             \n\
             not json\n\
             {\"domain\":\"stripe.com\",\"evidance\":\"x\"}\n",
            &expect![[r#"
                stripe.com 1 0.5
                line 3:  json_invalid
                line 4: evidance json_invalid"#]],
        );
    }

    const ONE: &str = "{\"domain\":\"stripe.com\",\"kind\":\"hiring\",\"observed_at\":\"2026-11-01\",\"source\":\"x\",\"external_id\":\"1\"}";

    /// The messages of the lines of a file that cannot be read.
    fn told(key: &str, file: &[u8]) -> Vec<String> {
        let mut open = match ImportFile::open(key, file) {
            Ok(open) => open,
            Err(error) => return vec![error],
        };
        let mut told = Vec::new();
        while let Some(line) = open.next_line().unwrap() {
            if let Err(errors) = line.form {
                let messages = errors.into_iter().map(|error| error.message);
                told.extend(messages.map(|message| format!("line {}: {message}", line.place.line)));
            }
        }
        told
    }

    #[test]
    fn ndjson_in_the_forms_that_programs_write() {
        let two = ONE.replace("\"1\"}", "\"2\"}");
        for (start, end) in [
            ("", "\n"),
            ("", "\r\n"),
            ("", "\r"),
            ("\u{feff}", "\n"),
            ("\u{1e}", "\n"),
            (" \t", "\n \n\n"),
        ] {
            let file = format!("{start}{ONE}{end}{start}{two}{end}\u{1a}");
            let lines = read("import/a.ndjson", &file).unwrap();
            assert_eq!(lines, ["stripe.com 1 0.5", "stripe.com 2 0.5"], "{file:?}");
            let last = format!("{start}{ONE}{end}{start}{two}");
            assert_eq!(read("import/a.ndjson", &last).unwrap().len(), 2);
        }
        // Lines are those of an editor.
        let lines = read(
            "import/a.ndjson",
            &format!("\r\n\r\n{ONE}\r\nx\r\r{{}}\r\n"),
        );
        let lines = lines.unwrap();
        assert!(
            lines[1].starts_with("line 4:") && lines[2].starts_with("line 6:"),
            "{lines:?}"
        );
    }

    #[test]
    fn what_is_wrong_with_ndjson_is_told() {
        let check = |file: &[u8], expected: &Expect| {
            expected.assert_eq(&told("import/a.ndjson", file).join("\n"));
        };
        check(
            format!("{ONE},\n{ONE}\n").as_bytes(),
            &expect![
                "line 1: trailing characters at column 98; leave out the comma behind the object"
            ],
        );
        check(
            &ONE.replace("stripe", "caf\u{e9}")
                .chars()
                .map(|c| c as u8)
                .collect::<Vec<u8>>(),
            &expect!["line 1: the line is not UTF-8 text; write the file in UTF-8"],
        );
        check(
            ONE.replace("\"1\"", "319").as_bytes(),
            &expect!["line 1: expected a text, found a number"],
        );
        check(
            ONE.replace("source", "sauce").as_bytes(),
            &expect![
                "line 1: this field is not known; the fields are domain, kind, strength, observed_at, source, external_id, evidence, url"
            ],
        );
        check(
            ONE.replace('}', ",\"strength\":[1]}").as_bytes(),
            &expect!["line 1: expected a number from 0.001 to 1"],
        );
        check(
            ONE.replace('}', ",\"kind\":\"news\"}").as_bytes(),
            &expect![[r#"line 1: the field "kind" is there twice at column 111"#]],
        );
        check(
            b"[\"stripe.com\",\"hiring\"]\n{}x\n\"stripe.com\"\n7\nnull",
            &expect![[r#"
                line 1: expected an object, found an array
                line 2: trailing characters at column 3
                line 3: expected an object, found a text
                line 4: expected an object, found a number
                line 5: expected an object, found null"#]],
        );
        check(
            format!("[{ONE},\n{ONE}]\n").as_bytes(),
            &expect![
                "this is JSON of several lines or an array, not JSON lines; write one object on each line, as jq -c '.[]' does with an array and jq -c . with objects"
            ],
        );
        check(
            b"{\n  \"domain\": \"stripe.com\"\n}\n",
            &expect![
                "this is JSON of several lines or an array, not JSON lines; write one object on each line, as jq -c '.[]' does with an array and jq -c . with objects"
            ],
        );
        check(
            b"\xff\xfe{\0\"\0",
            &expect![
                "this is UTF-16 text, not JSON lines; write UTF-8 text, one object on each line"
            ],
        );
        check(
            b"\x1f\x8b\x08\0",
            &expect![
                "this is a gzip file, not JSON lines; write UTF-8 text, one object on each line"
            ],
        );
        check(
            b"<!doctype html>",
            &expect![
                "this is a web page or XML, not JSON lines; write UTF-8 text, one object on each line"
            ],
        );
        check(
            &[&b"\0\0"[..], ONE.as_bytes()].concat(),
            &expect!["line 1: expected value at column 1"],
        );
        check(
            "[".repeat(60_000).as_bytes(),
            &expect!["line 1: recursion limit exceeded at column 128"],
        );
        check(
            ONE.replace('}', ",\"strength\":\"0.7\"}").as_bytes(),
            &expect![""],
        );
        check(
            ONE.replace('}', ",\"evidence\":null}").as_bytes(),
            &expect![""],
        );
    }

    #[test]
    fn other_files() {
        check(
            "import/a.txt",
            "x",
            &expect!["nothing read: the file name must end in .csv or .ndjson"],
        );
    }

    #[test]
    fn a_long_line_is_an_error_of_its_own() {
        let long = "x".repeat(MAX_LINE_BYTES);
        let expected = expect![[r#"
            line 2:  line_too_long
            stripe.com 2 0.5"#]];
        check(
            "import/a.csv",
            &format!(
                "domain,kind,observed_at,source,external_id,evidence\n\
                 stripe.com,hiring,2026-11-01,x,1,{long}\n\
                 stripe.com,hiring,2026-11-01,x,2,short\n"
            ),
            &expected,
        );
        let line = |id: u8, evidence: &str| {
            format!(
                "{{\"domain\":\"stripe.com\",\"kind\":\"hiring\",\"observed_at\":\"2026-11-01\",\"source\":\"x\",\
                 \"external_id\":\"{id}\",\"evidence\":\"{evidence}\"}}"
            )
        };
        check(
            "import/a.ndjson",
            &format!("\n{}\n{}", line(1, &long), line(2, "short")),
            &expected,
        );
    }

    #[test]
    fn lines_over_the_limit_refuse_the_file() {
        let file = "{}\n".repeat(MAX_LINES + 1);
        let error = read("import/a.ndjson", &file).unwrap_err();
        assert_eq!(error, "the file has more than 500000 lines; split it");
        let lines = read("import/a.ndjson", &"{}\n\n".repeat(MAX_LINES));
        assert_eq!(lines.unwrap().len(), MAX_LINES);
    }
}
