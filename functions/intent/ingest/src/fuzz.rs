use api::FieldError;
use fuzzing::{assert_linear, check};
use intent::Signal;
use serde_json::json;
use types::{Domain, Timestamp};

use crate::import::SignalFile;

type Parsed = Result<(Domain, Signal), Vec<FieldError>>;

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// Every line of a file, each read twice, with its number.
fn lines(key: &str, file: &[u8]) -> Result<Vec<(u64, Parsed)>, String> {
    let mut open = SignalFile::open(key, file)?;
    let mut again = SignalFile::open(key, file)?;
    let mut lines = Vec::new();
    let mut before = 0;
    while let Some(line) = open.next_line()? {
        assert!(line.place.line > before);
        before = line.place.line;
        let same = again.line_at(line.place)?.unwrap();
        let parsed = line.form.and_then(|form| form.parse(now()));
        assert_eq!(same.form.and_then(|form| form.parse(now())), parsed);
        lines.push((before, parsed));
    }
    Ok(lines)
}

fn assert_sound(lines: &Result<Vec<(u64, Parsed)>, String>) {
    let lines = match lines {
        Ok(lines) => lines,
        Err(message) => return assert!(!message.is_empty()),
    };
    for (_, parsed) in lines {
        match parsed {
            Ok((domain, signal)) => assert_round_trip(domain, signal),
            Err(errors) => {
                assert!(!errors.is_empty());
                for FieldError {
                    field,
                    reason,
                    message,
                } in errors
                {
                    assert!(!reason.is_empty() && !message.is_empty());
                    assert!(field.chars().count() <= 200 && message.chars().count() <= 2_500);
                }
            }
        }
    }
}

/// A signal is the same signal in a file of either format.
fn assert_round_trip(domain: &Domain, signal: &Signal) {
    let at = signal.observed_at;
    assert!(at.as_second() >= 0 && at.subsec_nanosecond() == 0);
    let fields = [
        ("domain", domain.to_string()),
        ("kind", signal.kind.to_string()),
        ("strength", signal.strength.get().to_string()),
        ("observed_at", at.to_string()),
        ("source", signal.source.clone()),
        ("external_id", signal.external_id.clone()),
        ("evidence", signal.evidence.clone()),
        ("url", signal.url.clone().unwrap_or_default()),
    ];
    let object: serde_json::Map<_, _> = fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!(text)))
        .collect();
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let quoted = |(_, text): &(&str, String)| format!("\"{}\"", text.replace('"', "\"\""));
    let row: Vec<String> = fields.iter().map(quoted).collect();
    let csv = format!("{}\n{}\n", names.join(","), row.join(","));
    let expected = (domain.clone(), signal.clone());
    let line = json!(object).to_string();
    assert_eq!(
        lines("a.ndjson", line.as_bytes()),
        Ok(vec![(1, Ok(expected.clone()))])
    );
    assert_eq!(lines("a.csv", csv.as_bytes()), Ok(vec![(2, Ok(expected))]));
}

#[test]
fn fuzz_import_ndjson() {
    check("import_ndjson", |file| {
        assert_sound(&lines("a.ndjson", file));
    });
}

#[test]
fn fuzz_import_csv() {
    check("import_csv", |file| assert_sound(&lines("a.csv", file)));
}

#[test]
fn long_files_take_time_in_proportion() {
    let object = r#"{"domain":"stripe.com","kind":"hiring","observed_at":"2026-11-01","source":"x","external_id":"1"}"#;
    let line = format!("{object}\n");
    let shapes = [
        ("", "\n"),
        ("", "\r"),
        ("", "\r\n \t"),
        ("", "{}\n"),
        ("", "["),
        ("", "x"),
        ("{\"evidence\":\"", "x "),
        ("", "\u{feff}\n"),
        ("", "\u{1e}"),
    ];
    assert_linear(("", &line), &shapes, |file| {
        let _ = lines("a.ndjson", file);
    });
}
