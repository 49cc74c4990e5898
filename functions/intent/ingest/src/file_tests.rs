//! Files of signals in the forms that people and programs write.

use expect_test::{Expect, expect};
use imports::{Line, MAX_LINE_BYTES, MAX_LINES};
use types::Timestamp;

use crate::form::SignalForm;
use crate::import::SignalFile;

/// Every line of a file, each of them read twice.
fn read(key: &str, file: &str) -> Result<Vec<String>, String> {
    let mut open = SignalFile::open(key, file.as_bytes())?;
    let mut again = SignalFile::open(key, file.as_bytes())?;
    let mut lines = Vec::new();
    while let Some(line) = open.next_line()? {
        let read = shown(&line);
        assert_eq!(shown(&again.line_at(line.place)?.unwrap()), read);
        lines.push(read);
    }
    Ok(lines)
}

fn shown(line: &Line<SignalForm>) -> String {
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
        &expect!["nothing read: the column observed_at is missing; the columns are domain, kind"],
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
    let mut open = match SignalFile::open(key, file) {
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
        &expect!["line 1: trailing characters at column 98; leave out the comma behind the object"],
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
        &expect!["this is UTF-16 text, not JSON lines; write UTF-8 text, one object on each line"],
    );
    check(
        b"\x1f\x8b\x08\0",
        &expect!["this is a gzip file, not JSON lines; write UTF-8 text, one object on each line"],
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
