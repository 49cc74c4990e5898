//! What a spreadsheet makes of a file, in words of the tests' own.

/// Checks that no cell of a file is computed, whatever separates cells in the spreadsheet that opens it.
#[track_caller]
pub(crate) fn assert_safe(file: &str) {
    for separator in [',', ';', '|', '\t'] {
        for quotes in [true, false] {
            // A comma that is no separator for the reader, and quotes that are none, are no spreadsheet's.
            if separator == ',' && !quotes {
                continue;
            }
            for cell in cells(file, separator, quotes) {
                assert!(
                    !computes(&cell, separator),
                    "{cell:?} under {separator:?} in {file:?}"
                );
            }
        }
    }
}

/// The cells that a spreadsheet makes of a file under a list separator. One that begins with a quote goes on to the next
/// single quote, over separators and line ends, and then to the separator, as Excel reads it; or quotes are text.
fn cells(file: &str, separator: char, quotes: bool) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut is_quoted, mut is_start) = (false, true);
    let mut chars = file.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = cells.last_mut().unwrap();
        let was_start = std::mem::take(&mut is_start);
        match c {
            '"' if quotes && is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quotes && (is_quoted || was_start) => is_quoted = !is_quoted,
            c if !is_quoted && (c == separator || matches!(c, '\r' | '\n')) => {
                cells.push(String::new());
                is_start = true;
            }
            c => cell.push(c),
        }
    }
    cells
}

/// What a spreadsheet computes, in words of this test's own: a sign of a formula first, and behind it not only a number.
/// Where a comma separates no cells it is the mark of decimals.
fn computes(cell: &str, separator: char) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || " .,%\u{a0}\u{202f}".contains(c);
    let cell = cell.trim_start_matches([' ', '\u{a0}', '\t', '\u{feff}', '\u{200b}']);
    let rest = cell.trim_start_matches(['-', '+']);
    match cell.chars().next() {
        Some('=' | '@' | '＝' | '＋' | '－' | '＠') => true,
        Some('+' | '-') => match rest.split_once(['"', ',']) {
            Some((number, rest)) if separator != ',' && number.chars().all(is_digit) => {
                let rest = rest.trim_start_matches(['"', ',']);
                let is_term = rest.starts_with(|c: char| c.is_ascii_digit() || "&*/^".contains(c));
                is_term && !rest.contains(',') && !rest.chars().all(is_digit)
            }
            _ => !rest.chars().all(is_digit),
        },
        _ => false,
    }
}

#[test]
fn cells_are_as_a_spreadsheet_makes_them() {
    assert_eq!(cells("\"a;b\"c;d", ';', true), ["a;bc", "d"]);
    assert_eq!(cells("x,\"a;\"\"=1\"", ';', true), ["x,\"a", "=1\""]);
    assert_eq!(cells("\"a\"\"b\"", ',', true), ["a\"b"]);
    for (cell, computed) in [
        ("=1", true),
        (" @a", true),
        ("+49-x", true),
        ("-5,2*A1", true),
        ("+49 30", false),
        ("-5,2 %", false),
        ("-5,x", false),
    ] {
        assert_eq!(computes(cell, ';'), computed, "{cell}");
    }
}
