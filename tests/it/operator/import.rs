use std::path::PathBuf;

use assay::Outcome;
use serde_json::{Value, json};
use tests::{TestApp, signal};

use super::{operate, refusal};

/// A file on this machine that is gone with the test.
pub(super) struct Local(PathBuf);

impl Local {
    pub(super) fn new(name: &str, content: &str) -> Self {
        let folder = std::env::temp_dir().join(format!(
            "assay-{}",
            types::unique(types::Clock::system().now())
        ));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(name), content).unwrap();
        Self(folder.join(name))
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

/// Imports a file, with the function that does it standing by.
pub(super) async fn import(app: &TestApp, words: &[&str]) -> Outcome {
    let importer = import::Importer::from_env(&app.env, &app.aws, app.clock.clock()).unwrap();
    let standing_by = async {
        loop {
            let objects = app.objects("import/").await;
            let is_new = |key: &&String| {
                !key.ends_with(".report.json") && !objects.contains(&format!("{key}.report.json"))
            };
            for key in objects.iter().filter(is_new) {
                let notice = crate::import::notice(&[key.as_str()]);
                importer.handle(&notice, app.deadline()).await.unwrap();
            }
        }
    };
    let words = [&["import"], words].concat();
    tokio::select! {
        outcome = operate(app, &words) => outcome,
        () = standing_by => unreachable!(),
    }
}

#[tokio::test]
async fn a_file_in_order_is_seen_by_all() {
    let app = TestApp::new().await;
    let lines = ["1", "2"].map(|id| signal("stripe.com", "funding", 1, id).to_string());
    let file = Local::new("signals.ndjson", &lines.join("\n"));
    let outcome = import(&app, &[file.path()]).await;
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    let table: Vec<&str> = outcome.stdout.lines().skip(2).collect();
    assert_eq!(
        table,
        [
            "LINES  COMPANIES  STORED  UPDATED  UNCHANGED  FAILED",
            "    2          1       2        0          0       0"
        ]
    );
    let customer = app.customer(1).await;
    let score = app.get("/api/v1/score?domain=stripe.com").key(&customer);
    let score = score.send().await.expect(200);
    assert_eq!(score.json["signals"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_file_with_a_bad_line_says_which() {
    let app = TestApp::new().await;
    let day = app.clock.now().strftime("%Y-%m-%d");
    let file =
        format!("domain,kind,observed_at,source,external_id\nstripe.com,dancing,{day},test,1\n");
    let file = Local::new("signals.csv", &file);
    let outcome = import(&app, &[file.path(), "--json"]).await;
    assert_eq!((outcome.code, &*outcome.stderr), (1, ""));
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (&report["stored"], &report["failed"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(report["errors"][0]["line"], 2);
    let outcome = import(&app, &[file.path()]).await;
    assert!(
        outcome.stdout.contains("\nLINE  FIELD  REASON"),
        "{}",
        outcome.stdout
    );
}

#[tokio::test]
async fn what_is_refused() {
    let app = TestApp::new().await;
    let file = Local::new("signals.txt", "");
    assert_eq!(
        refusal(&app, &["import", file.path()]).await,
        "the name of an import file must end in .csv or .ndjson"
    );
    let why = refusal(&app, &["import", "/no/such.csv"]).await;
    assert!(
        why.starts_with("/no/such.csv cannot be read: No such file"),
        "{why}"
    );
    assert!(app.objects("").await.is_empty());
}
