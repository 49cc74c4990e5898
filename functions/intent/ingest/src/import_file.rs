use intent::Signal;
use tabular::{Limits, Table};
use types::{Domain, Timestamp};

use crate::form::{FieldError, Given, SignalForm};
use crate::report::LineError;

/// Lines of a file.
const MAX_LINES: usize = 500_000;

/// The parsed lines of an import file in order, without empty ones.
pub(crate) type Lines = Vec<Result<(Domain, Signal), LineError>>;

/// Reads an import file in the format of its key's extension. The error goes into the report of a file that cannot be read.
pub(crate) fn read(key: &str, bytes: &[u8], now: Timestamp) -> Result<Lines, String> {
    match key.rsplit('.').next() {
        Some("csv") => read_csv(bytes, now),
        Some("ndjson") => read_ndjson(bytes, now),
        _ => Err("the file name must end in .csv or .ndjson".to_owned()),
    }
}

fn read_csv(bytes: &[u8], now: Timestamp) -> Result<Lines, String> {
    let limits = Limits {
        max_bytes: usize::MAX,
        max_rows: MAX_LINES,
    };
    let table = Table::read(bytes, limits).map_err(|error| error.to_string())?;
    let missing = |name: &str| {
        format!(
            "the column {name} is missing; the columns are {}",
            table.columns().join(", ")
        )
    };
    let required = |name: &'static str| table.column(&[name]).ok_or_else(|| missing(name));
    let (domain, kind) = (required("domain")?, required("kind")?);
    let (observed_at, source, external_id) = (
        required("observed_at")?,
        required("source")?,
        required("external_id")?,
    );
    let (strength, evidence, url) = (
        table.column(&["strength"]),
        table.column(&["evidence"]),
        table.column(&["url"]),
    );
    let lines = table.rows().iter().map(|row| {
        let optional = |column: Option<usize>| {
            column
                .map(|column| row.get(column).trim())
                .filter(|text| !text.is_empty())
        };
        let strength = optional(strength).map(|text| Given::Text(text.to_owned()));
        let form = SignalForm {
            domain: row.get(domain).to_owned(),
            kind: row.get(kind).to_owned(),
            strength,
            observed_at: row.get(observed_at).to_owned(),
            source: row.get(source).to_owned(),
            external_id: row.get(external_id).to_owned(),
            evidence: optional(evidence).map(str::to_owned),
            url: optional(url).map(str::to_owned),
        };
        form.parse(now).map_err(|errors| LineError {
            line: row.line,
            errors,
        })
    });
    Ok(lines.collect())
}

fn read_ndjson(bytes: &[u8], now: Timestamp) -> Result<Lines, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(line, _)| !line.trim_ascii().is_empty());
    let parsed = lines.map(|(text, line)| {
        let form: Result<SignalForm, _> = serde_json::from_slice(text);
        let form = form.map_err(|error| {
            vec![FieldError {
                field: "",
                reason: "json_invalid",
                message: api::cut(&error.to_string()),
            }]
        });
        form.and_then(|form| form.parse(now))
            .map_err(|errors| LineError { line, errors })
    });
    let lines: Lines = parsed.take(MAX_LINES + 1).collect();
    if lines.len() > MAX_LINES {
        return Err(format!(
            "the file has more than {MAX_LINES} lines; split it"
        ));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(key: &str, file: &str, shown: &Expect) {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let lines = match read(key, file.as_bytes(), now) {
            Err(error) => vec![format!("nothing read: {error}")],
            Ok(lines) => lines
                .into_iter()
                .map(|line| match line {
                    Ok((domain, signal)) => {
                        format!("{domain} {} {}", signal.external_id, signal.strength.get())
                    }
                    Err(error) => {
                        let wrong: Vec<String> = error
                            .errors
                            .iter()
                            .map(|error| format!("{} {}", error.field, error.reason))
                            .collect();
                        format!("line {}: {}", error.line, wrong.join(", "))
                    }
                })
                .collect(),
        };
        shown.assert_eq(&lines.join("\n"));
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
                line 4:  json_invalid"#]],
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
}
