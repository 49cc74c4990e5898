//! Files in the forms that people and programs write them in.

use serde_json::Value;
use tests::{TestApp, signal};

use super::import;

const HEADER: &str = "domain;kind;observed_at;source;external_id;evidence";
const ROW: &str = "northwind.io;hiring;2026-11-01;crm;1;\"Offices in Rome; Nice\"";

#[tokio::test]
async fn csv_is_read_in_any_form() {
    let app = TestApp::new().await;
    let files = [
        format!("{HEADER}\r\n{ROW}\r\n"),
        format!("\u{feff}{HEADER}\r{ROW}\r"),
        format!("\r\n\u{feff}{HEADER}\n{ROW}\n\u{1a}"),
        format!("sep=;\r\n{HEADER}\r\n{ROW}\r\n"),
        format!("Signals of November\n\n{HEADER}\n{ROW}\n"),
        format!("{HEADER}\n{ROW}\n")
            .replace(';', "|")
            .replace("Rome|", "Rome;"),
        format!("{HEADER}\n{ROW}\n").replace("domain;kind", "[Domain]; Kind*"),
        format!("{HEADER};;;;\n{ROW};;;;\n;;\n"),
    ];
    for (index, file) in files.iter().enumerate() {
        let report = import(&app, &format!("import/{index}.csv"), file).await;
        assert_eq!(report["error"], Value::Null, "{file}");
        let counts =
            ["lines", "stored", "unchanged", "failed"].map(|name| report[name].as_u64().unwrap());
        let expected = if index == 0 {
            [1, 1, 0, 0]
        } else {
            [1, 0, 1, 0]
        };
        assert_eq!(counts, expected, "the same signal: {file}");
    }
}

#[tokio::test]
async fn csv_that_would_be_read_wrongly_is_refused_with_its_line() {
    let app = TestApp::new().await;
    let file = |row: &[u8]| [HEADER.as_bytes(), b"\n", row, b"\n"].concat();
    let files: [(&[u8], &str); 6] = [
        (
            b"northwind.io;news;2026-11-01;crm;1;Caf\xe9",
            "line 2 is not UTF-8",
        ),
        (
            b"northwind.io;news;2026-11-01;crm;1;\x1b$BF|\x1b(B",
            "line 2 is not UTF-8",
        ),
        (
            b"northwind.io;news;2026-11-01;crm;1;\"a \\\"b\\\"\"",
            "follows the closing double quote",
        ),
        (b"northwind.io;news;2026-11-01;crm;1;\"a", "never closed"),
        (
            b"northwind.io;news;2026-11-01;crm;1;\"5\nglobex.com;news;2026-11-01;crm;2;6\"",
            "holds line 3, which looks like a row of its own",
        ),
        (
            b"northwind.io;news;2026-11-01;crm;\0;a",
            "line 2 holds a NUL byte",
        ),
    ];
    for (row, error) in files {
        let report = import(&app, "import/a.csv", file(row)).await;
        let told = report["error"].as_str().unwrap();
        assert!(told.contains(error), "{told}");
        assert_eq!(report["stored"], 0);
    }
}

#[tokio::test]
async fn json_lines_are_read_in_any_form() {
    let app = TestApp::new().await;
    let [one, two] = ["1", "2"].map(|id| signal("globex.com", "news", 12, id).to_string());
    for (index, (start, end)) in [
        ("", "\n"),
        ("\u{feff}", "\r\n"),
        ("\u{1e}", "\r"),
        (" ", "\n\n \n"),
    ]
    .into_iter()
    .enumerate()
    {
        let file = format!("{start}{one}{end}{start}{two}{end}\u{1a}");
        let report = import(&app, &format!("import/{index}.ndjson"), &file).await;
        assert_eq!(
            (&report["lines"], &report["failed"]),
            (&2.into(), &0.into()),
            "{file:?}: {report}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_json_lines_is_told() {
    let app = TestApp::new().await;
    let one = signal("globex.com", "news", 12, "1").to_string();
    for (file, error) in [
        (
            format!("[{one},\n{one}]").into_bytes(),
            "write one object on each line",
        ),
        (
            format!("{{\n{}", one.trim_start_matches('{')).into_bytes(),
            "write one object on each line",
        ),
        (
            b"\xff\xfe{\0".to_vec(),
            "this is UTF-16 text, not JSON lines",
        ),
        (
            b"\x1f\x8b\x08\0".to_vec(),
            "this is a gzip file, not JSON lines",
        ),
    ] {
        let report = import(&app, "import/a.ndjson", file).await;
        assert!(
            report["error"].as_str().unwrap().contains(error),
            "{report}"
        );
    }
    let number = one.replace("\"1\"", "319");
    let lines = [
        format!("{one},"),
        number,
        "null".to_owned(),
        "[1]".to_owned(),
    ];
    let file = [lines.join("\n").as_bytes(), b"\n{\"source\":\"Caf\xe9\"}\n"].concat();
    let report = import(&app, "import/b.ndjson", file).await;
    let errors = report["errors"].as_array().unwrap().iter();
    let told = errors.map(|line| {
        let error = &line["errors"][0];
        format!(
            "{} {} {}: {}",
            line["line"], error["field"], error["reason"], error["message"]
        )
        .replace('"', "")
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    1  json_invalid: trailing characters at column 135; leave out the comma behind the object
    2 external_id json_invalid: expected a text, found a number
    3  json_invalid: expected an object, found null
    4  json_invalid: expected an object, found an array
    5  line_not_utf8: the line is not UTF-8 text; write the file in UTF-8
    ");
}
