use fuzzing::{assert_linear, check};
use types::{Domain, is_one_line};

use crate::companies::{Company, Upload};
use crate::writer::spreadsheet::assert_safe;
use crate::{Limits, MAX_COLUMNS, Row, Table, TabularError, Writer, to_utf8};

const LIMITS: Limits = Limits {
    max_bytes: 20_000,
    max_rows: 50,
};

/// The lines of a text, as an editor counts them.
fn lines(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    text.split(['\r', '\n']).count() as u64
}

fn assert_message(error: &TabularError) {
    let message = error.to_string();
    assert!(is_one_line(&message), "{message:?}");
    assert!(message.chars().count() < 3_000, "{message:?}");
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    assert!(error.reason().chars().all(is_word), "{}", error.reason());
}

/// What an upload says about itself is so, and it holds no more than the file.
fn assert_sound(upload: &Upload, file: &[u8]) {
    let width = upload.columns.len();
    assert!((1..=MAX_COLUMNS).contains(&width));
    assert!((1..=LIMITS.max_rows).contains(&upload.rows.len()));
    assert!(upload.rows.is_sorted_by(|a, b| a.line < b.line));
    assert!(upload.rows.iter().all(|row| row.line <= lines(file)));
    let used = upload.domain_columns.iter().chain(&upload.name_column);
    assert!(used.into_iter().all(|column| *column < width));
    let held: usize = upload
        .rows
        .iter()
        .flat_map(|row| &row.fields)
        .map(String::len)
        .sum();
    // Two bytes of UTF-16 may be three of UTF-8.
    let most = if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
        file.len() / 2 * 3
    } else {
        file.len()
    };
    assert!(held <= most, "{held} bytes of {}", file.len());
    for (index, row) in upload.rows.iter().enumerate() {
        assert_eq!(row.fields.len(), width);
        let mut named = upload
            .domain_columns
            .iter()
            .map(|column| &row.fields[*column]);
        if let Some(domain) = row.company.domain() {
            assert!(
                named.any(|field| Domain::parse(field).as_ref() == Ok(domain)),
                "{row:?}"
            );
        }
        if let Company::Duplicate { domain, first } = &row.company {
            assert!(*first < index);
            assert_eq!(
                upload.rows[*first].company,
                Company::Valid {
                    domain: domain.clone()
                }
            );
        }
    }
    let counts = upload.counts();
    assert_eq!(counts.total, upload.rows.len());
    assert_eq!(
        counts.total,
        counts.valid + counts.invalid + counts.duplicate
    );
    assert_eq!(upload.domains().len(), counts.valid);
    assert!(counts.valid > 0, "a file without companies is refused");
    let json = serde_json::to_string(upload).unwrap();
    assert_eq!(&serde_json::from_str::<Upload>(&json).unwrap(), upload);
}

#[test]
fn fuzz_csv_companies() {
    check("csv_companies", |file| {
        let read = Upload::read(file, LIMITS);
        match &read {
            Ok(upload) => assert_sound(upload, file),
            Err(error) => assert_message(error),
        }
        let Ok(text) = std::str::from_utf8(file) else {
            return;
        };
        // The same file in another character set, with another mark, is the same file.
        if text.starts_with('\u{feff}') {
            return;
        }
        let marked = format!("\u{feff}{text}");
        assert_eq!(Upload::read(marked.as_bytes(), LIMITS), read);
        let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert_eq!(Upload::read(&little, LIMITS), read);
        assert_eq!(Upload::read(&big, LIMITS), read);
        let declared = to_utf8(&little, "utf-16le").map(|text| Upload::read(&text, LIMITS));
        assert_eq!(declared, Ok(read.clone()));
        if !text.is_ascii() {
            assert!(to_utf8(file, "windows-1252").is_err());
        }
        // As a spreadsheet of another system writes it.
        if !text.contains(['\r', '\0']) {
            let windows = Upload::read(text.replace('\n', "\r\n").as_bytes(), LIMITS);
            assert_eq!(shown(&windows), shown(&read));
        }
    });
}

/// What a file was read as, whatever ends its lines.
fn shown(read: &Result<Upload, TabularError>) -> Result<Vec<(u64, &Company)>, &'static str> {
    let upload = read.as_ref().map_err(TabularError::reason)?;
    Ok(upload
        .rows
        .iter()
        .map(|row| (row.line, &row.company))
        .collect())
}

#[test]
fn fuzz_csv_table() {
    const MAX_ROW_BYTES: usize = 300;
    check("csv_table", |file| {
        let open = || Table::open(file, LIMITS, MAX_ROW_BYTES);
        let (mut table, mut again) = match (open(), open()) {
            (Ok(table), Ok(again)) => (table, again),
            (table, again) => {
                let error = table.err().unwrap();
                assert_eq!(again.err().as_ref(), Some(&error));
                return assert_message(&error);
            }
        };
        let width = table.columns().len();
        assert!((1..=MAX_COLUMNS).contains(&width));
        let (mut rows, mut line, mut start) = (0, 0, 0);
        loop {
            let row = match table.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => return assert_message(&error),
            };
            rows += 1;
            assert!(row.line > line && row.line <= lines(file));
            assert!(rows == 1 || row.start() > start);
            (line, start) = (row.line, row.start());
            assert_eq!(row.fields().len(), width);
            let text: usize = row.fields().map(str::len).sum();
            assert!(text <= MAX_ROW_BYTES + row.surplus());
            let same = again.row_at(row.start(), row.line).unwrap().unwrap();
            let parts = |row: &Row| -> Vec<String> { row.fields().map(str::to_owned).collect() };
            assert_eq!((same.line, parts(&same)), (row.line, parts(&row)));
        }
        assert!(rows <= LIMITS.max_rows);
    });
}

/// Rows of texts: 0x1E ends a row and 0x1F a text, as in ASCII.
#[test]
fn fuzz_csv_written() {
    check("csv_written", |input| {
        let text = String::from_utf8_lossy(input);
        let rows: Vec<Vec<&str>> = text
            .split('\u{1e}')
            .map(|row| row.split('\u{1f}').collect())
            .collect();
        let width = rows.iter().map(Vec::len).max().unwrap_or(0) + 2;
        let mut writer = Writer::new();
        writer.text("domain");
        (1..width).for_each(|column| writer.number(column));
        writer.end_row();
        for row in &rows {
            // Other columns stand behind what a caller wrote, as in every file that is written: a row does not end in it.
            writer.row(["acme.com"].iter().chain(row).chain(&["scored"]));
        }
        let file = String::from_utf8(writer.finish()).unwrap();
        assert_safe(&file);
        let limits = Limits {
            max_bytes: usize::MAX,
            max_rows: usize::MAX,
        };
        let mut table = match Table::open(file.as_bytes(), limits, usize::MAX) {
            Ok(table) => table,
            Err(error) => return assert_not_text(&error),
        };
        for row in &rows {
            let read = match table.next_row() {
                Ok(read) => read.unwrap(),
                Err(error) => return assert_not_text(&error),
            };
            for (column, text) in row.iter().enumerate() {
                // A guard is the only change.
                assert_eq!(
                    read.get(column + 1).replace('\'', ""),
                    text.replace('\'', "")
                );
            }
        }
        assert!(table.next_row().unwrap().is_none());
    });
}

/// What is written is read, but for texts that no file of text has, and those that hold a row.
fn assert_not_text(error: &TabularError) {
    let expected = [
        "row_in_quotes",
        "file_has_nul",
        "file_not_utf8",
        "too_many_columns",
    ];
    assert!(expected.contains(&error.reason()), "{error}");
}

#[test]
fn long_files_take_time_in_proportion() {
    let read = |file: &[u8]| {
        let limits = Limits {
            max_bytes: usize::MAX,
            max_rows: usize::MAX,
        };
        let _ = Upload::read(file, limits);
        if let Ok(mut table) = Table::open(file, limits, 1_000) {
            while let Ok(Some(_)) = table.next_row() {}
        }
    };
    let plain = ("domain,name\n", "acme.com,Acme\n");
    let shapes = [
        ("", "acme.com\r"),
        ("", "\n"),
        ("", ","),
        ("domain\n", "\"a\"\"b\"\n"),
        ("domain\nacme.com\n\"", "\n"),
        ("domain\nacme.com\n\"", "\"\""),
        ("domain,name\nacme.com,\"", "x y,z\n"),
        ("domain,name\n", "acme.com,\"a\nb\"\n"),
        ("domain\nacme.com", "."),
        ("domain,a,b", "acme.co"),
        ("a,b,acme.com", "aB"),
        ("a,b,acme.com", "2a"),
        ("domain,", "acme.combeta."),
        ("website", "https://acme.com"),
        ("domain\n", "acme.com beta.com\n"),
        ("domain\n", "\u{feff}"),
        ("a;b,c|d\te\n", "a;b,c|d\te\n"),
    ];
    assert_linear(plain, &shapes, read);
}
