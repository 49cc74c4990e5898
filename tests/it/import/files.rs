//! What a file may hold, and the report on it.

use intent::Kind;
use serde_json::Value;
use store::Owner;
use tests::{TestApp, signal};
use types::Domain;

use super::import;

const CSV: &str = "external_id,domain,kind,strength,observed_at,source,evidence,url,extra\r\n\
    1,https://www.Stripe.com/,Hiring,0.7,2026-11-01,careers,\"Head of Sales,\r\nDublin\",https://stripe.com/jobs/1,x\r\n\
    2,stripe.com,news,,2026-11-02T09:30:00Z,press,,,\r\n\
    \r\n\
    3,jane@stripe.com,dancing,much,soon,,,ftp://x,\r\n\
    1,notion.so,funding,1,2026-11-03,press,,,\r\n";

#[tokio::test]
async fn csv() {
    let app = TestApp::new().await;
    let report = import(&app, "import/2026/signals.csv", CSV).await;
    insta::assert_json_snapshot!(report, @r#"
    {
      "companies": 2,
      "errors": [
        {
          "errors": [
            {
              "field": "domain",
              "message": "this is an e-mail address; give the company domain after the @, such as stripe.com",
              "reason": "domain_is_email"
            },
            {
              "field": "kind",
              "message": "\"dancing\" is not a kind of signal; use one of engagement, funding, hiring, leadership, technology, expansion, product, news, filing, engineering, web",
              "reason": "kind_unknown"
            },
            {
              "field": "strength",
              "message": "strength is a number from 0.001 to 1, not \"much\"",
              "reason": "strength_invalid"
            },
            {
              "field": "observed_at",
              "message": "observed_at is a timestamp such as 2026-05-23T09:30:00Z or a day such as 2026-05-23",
              "reason": "time_invalid"
            },
            {
              "field": "source",
              "message": "source is required, for example greenhouse",
              "reason": "field_missing"
            },
            {
              "field": "url",
              "message": "url is an http or https URL of at most 2048 characters",
              "reason": "url_invalid"
            }
          ],
          "line": 6
        }
      ],
      "failed": 1,
      "imported_at": "2026-11-15T12:00:10Z",
      "lines": 4,
      "object": "import/2026/signals.csv",
      "stored": 3,
      "unchanged": 0,
      "updated": 0
    }
    "#);
    let stripe = Domain::parse("stripe.com").unwrap();
    let signals = app.intel.signals(&stripe, Owner::Public, app.clock.now());
    let mut signals = signals.await.unwrap();
    signals.sort_by_key(|signal| signal.kind);
    assert_eq!(signals.len(), 2);
    assert_eq!(signals[0].kind, Kind::Hiring);
    assert_eq!(signals[0].evidence, "Head of Sales, Dublin");
    assert_eq!(signals[1].observed_at.to_string(), "2026-11-02T09:30:00Z");
}

#[tokio::test]
async fn ndjson() {
    let app = TestApp::new().await;
    let lines = [
        signal("stripe.com", "hiring", 12, "1").to_string(),
        String::new(),
        "{\"domain\":".to_owned(),
        signal("stripe", "hiring", 12, "2").to_string(),
        signal("notion.so", "hiring", 12, "3").to_string(),
    ];
    let file = format!("\u{feff}{}\r\n", lines.join("\r\n"));
    let report = import(&app, "import/signals.ndjson", &file).await;
    insta::assert_json_snapshot!(report, @r#"
    {
      "companies": 2,
      "errors": [
        {
          "errors": [
            {
              "field": "",
              "message": "EOF while parsing a value at column 10",
              "reason": "json_invalid"
            }
          ],
          "line": 3
        },
        {
          "errors": [
            {
              "field": "domain",
              "message": "stripe does not end in a known top-level domain; give a company domain such as stripe.com",
              "reason": "domain_suffix_unknown"
            }
          ],
          "line": 4
        }
      ],
      "failed": 2,
      "imported_at": "2026-11-15T12:00:10Z",
      "lines": 4,
      "object": "import/signals.ndjson",
      "stored": 2,
      "unchanged": 0,
      "updated": 0
    }
    "#);

    // Everyone sees what was imported.
    let customer = app.customer(10).await;
    let score = app.get("/api/v1/score?domain=notion.so").key(&customer);
    let score = score.send().await.expect(200);
    assert_eq!(score.json["signals"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_that_is_imported_again_changes_nothing() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let counts = |report: &Value| {
        ["stored", "updated", "unchanged", "failed"].map(|name| report[name].as_u64().unwrap())
    };
    let first = import(&app, "import/a.csv", CSV).await;
    assert_eq!(counts(&first), [3, 0, 0, 1]);
    app.clock.advance(3600);
    let again = import(&app, "import/a.csv", CSV).await;
    assert_eq!(counts(&again), [0, 0, 3, 1]);
    assert_eq!(again["imported_at"], "2026-11-15T13:00:10Z");
    assert_eq!(app.revisions(&customer, "stripe.com").await, (1, 0));
    assert_eq!(app.revisions(&customer, "notion.so").await, (1, 0));

    let changed = CSV.replace("0.7", "0.9");
    let changed = import(&app, "import/b.csv", &changed).await;
    assert_eq!(counts(&changed), [0, 1, 2, 1]);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (2, 0));
    assert_eq!(app.revisions(&customer, "notion.so").await, (1, 0));
}

#[tokio::test]
async fn more_signals_of_a_company_than_a_transaction_takes() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let lines: Vec<String> = (0..250)
        .map(|id| signal("stripe.com", "news", 12, &id.to_string()).to_string())
        .collect();
    let report = import(&app, "import/a.ndjson", &lines.join("\n")).await;
    assert_eq!(report["stored"], 250);
    assert_eq!(app.revisions(&customer, "stripe.com").await, (3, 0));
}

#[tokio::test]
async fn files_of_which_nothing_can_be_read() {
    let app = TestApp::new().await;
    for (key, file, error) in [
        (
            "import/a.csv",
            "domain,kind\nstripe.com,news\n",
            "the column observed_at is missing",
        ),
        ("import/b.csv", "", "the file is empty"),
        (
            "import/c.csv",
            "PK\u{3}\u{4}xl/workbook.xml",
            "this is an Excel workbook",
        ),
        ("import/d.txt", "x", "must end in .csv or .ndjson"),
    ] {
        let report = import(&app, key, file).await;
        let told = report["error"].as_str().unwrap();
        assert!(told.contains(error), "{key}: {told}");
        assert_eq!(report["lines"], 0);
    }
}

#[tokio::test]
async fn a_thousand_errors_are_listed_and_the_others_counted() {
    let app = TestApp::new().await;
    let report = import(&app, "import/a.ndjson", &"{}\n".repeat(1_000)).await;
    assert_eq!(report["errors"].as_array().unwrap().len(), 1_000);
    assert_eq!(report["more_errors"], Value::Null);
    let report = import(&app, "import/b.ndjson", &"{}\n".repeat(1_001)).await;
    assert_eq!(report["errors"].as_array().unwrap().len(), 1_000);
    assert_eq!(report["more_errors"], 1);
    assert_eq!(report["failed"], 1_001);
}

#[tokio::test]
async fn a_file_that_is_broken_at_its_end_changes_nothing() {
    let app = TestApp::new().await;
    let report = import(&app, "import/a.csv", &format!("{CSV}1,\"stripe.com\r\n")).await;
    let error = report["error"].as_str().unwrap();
    assert!(error.contains("never closed"), "{error}");
    assert_eq!(
        (&report["lines"], &report["stored"]),
        (&0.into(), &0.into())
    );
    let stripe = Domain::parse("stripe.com").unwrap();
    let signals = app.intel.signals(&stripe, Owner::Public, app.clock.now());
    assert_eq!(signals.await.unwrap(), []);
}
