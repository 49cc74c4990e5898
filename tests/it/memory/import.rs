use serde_json::Value;
use tests::{Limited, TestApp};

use crate::import::notice;

const HEADER: &str = "domain,kind,observed_at,source,external_id,evidence\n";
/// Lines of the largest file.
const LINES: usize = 500_000;

/// Imports a file in half of the function's memory, and returns the report.
async fn import(app: &TestApp, name: &str, file: String) -> Value {
    let key = format!("import/{name}");
    let put = app.bucket();
    let put = put.put(&key, "application/octet-stream", file.into());
    put.await.unwrap();
    let queue = app.queues().await.source;
    let importer = Limited::to_half(&app.with_variable("IMPORT_QUEUE_URL", &queue), "import");
    importer.deliver(&[notice(&[&key])]);
    importer.print_peak(name);
    serde_json::from_str(&app.object(&format!("{key}.report.json")).await).unwrap()
}

/// All lines are of one signal, so that writing them takes no time; what is read of them is as much as of others.
#[tokio::test]
async fn as_many_valid_lines_as_a_file_may_have() {
    let app = TestApp::new().await;
    let line = format!("example.com,news,2026-11-01,x,1,{}\n", "e".repeat(160));
    let file = format!("{HEADER}{}", line.repeat(LINES));
    assert!(file.len() > 95_000_000 && file.len() <= 100_000_000);
    let report = import(&app, "500,000 valid lines.csv", file).await;
    assert_eq!(report["lines"], LINES, "{report}");
    assert_eq!(report["failed"], 0);
    assert_eq!(report["stored"], 1);
    assert_eq!(report["companies"], 1);
}

#[tokio::test]
async fn as_many_invalid_lines_as_a_file_may_have() {
    let app = TestApp::new().await;
    let csv = format!("{HEADER}{}", "x,,,,,\n".repeat(LINES));
    let ndjson = "{\"kind\":\"dancing\",\"strength\":7}\n".repeat(LINES);
    for (name, file) in [
        ("500,000 invalid lines.csv", csv),
        ("500,000 invalid lines.ndjson", ndjson),
    ] {
        let report = import(&app, name, file).await;
        assert_eq!(report["failed"], LINES);
        assert_eq!(report["errors"].as_array().unwrap().len(), 1_000);
        assert_eq!(report["more_errors"], LINES - 1_000);
    }
}

#[tokio::test]
async fn a_good_line_after_one_that_fills_the_file() {
    let app = TestApp::new().await;
    let good = |id: u8| format!("example.com,news,2026-11-01,x,{id},short\n");
    let long = "a ".repeat(49_900_000);
    let csv = format!(
        "{HEADER}example.com,news,2026-11-01,x,1,{long}\n{}",
        good(2)
    );
    let json = |id: u8, evidence: &str| {
        format!(
            "{{\"domain\":\"example.com\",\"kind\":\"news\",\"observed_at\":\"2026-11-01\",\"source\":\"x\",\
             \"external_id\":\"{id}\",\"evidence\":\"{evidence}\"}}\n"
        )
    };
    let ndjson = json(1, &long) + &json(2, "short");
    for (name, file, stored) in [
        ("a good line after one of 100 MB.csv", csv, 1),
        ("a good line after one of 100 MB.ndjson", ndjson, 0),
    ] {
        let report = import(&app, name, file).await;
        let counts = (&report["failed"], &report["lines"], &report["stored"]);
        assert_eq!(counts, (&1.into(), &2.into(), &stored.into()), "{report}");
        assert_eq!(report["errors"][0]["errors"][0]["reason"], "line_too_long");
    }
}

#[tokio::test]
async fn two_kilobytes_in_one_row_are_not_in_every_later_row() {
    let app = TestApp::new().await;
    let long = format!("example.com,news,2026-11-01,x,1,{}\n", "e".repeat(2_000));
    let file = format!("{HEADER}{long}{}", "x,,,,,\n".repeat(LINES - 1));
    let report = import(&app, "500,000 lines after one of 2 kB.csv", file).await;
    assert_eq!(report["failed"], LINES);
}
