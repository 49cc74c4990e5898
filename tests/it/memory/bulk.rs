use intent_store::ScoreJob;
use tests::{Customer, Limited, TestApp};
use types::{JobId, Product};
use workspace::JobState;

const ROUTE: (&str, &str) = ("POST", "/api/v1/score/bulk");

/// Files with much in little, what is odd in the first rows: what each is, and its text.
fn files() -> Vec<(&'static str, String)> {
    let rows = |rest: &str| -> String {
        let rows = (0..999).map(|row| format!("company{row}.com{rest}\n"));
        rows.collect()
    };
    let (short, long) = (rows(",x"), "x".repeat(600_000));
    let (commas, wide) = (",".repeat(16_000), ",x".repeat(499));
    let (controls, quotes) = ("\u{1}".repeat(1_950), "\"\"".repeat(970));
    vec![
        (
            "a cell of 600 kB",
            format!("domain,note\nlong.com,{long}\n{short}"),
        ),
        (
            "16,000 empty columns",
            format!("domain,note\nlong.com{commas}\n{short}"),
        ),
        ("500,000 cells", format!("domain{wide}\n{}", rows(&wide))),
        (
            "control characters",
            format!("domain,note\n{}", rows(&format!(",{controls}"))),
        ),
        (
            "quotes",
            format!("domain,note\n{}", rows(&format!(",\"{quotes}\""))),
        ),
    ]
}

fn submit(bulk: &Limited, customer: &Customer, file: &str) -> JobId {
    assert!(file.len() <= 2_000_000);
    let (status, job) = bulk.call(customer, ROUTE, ("text/csv", file));
    assert_eq!(status, 202, "{job}");
    job["job_id"].as_str().unwrap().parse().unwrap()
}

async fn state(app: &TestApp, customer: &Customer, job: JobId) -> JobState {
    let job = app.workspace.job::<ScoreJob>(customer.account, job).await;
    job.unwrap().unwrap().state
}

#[tokio::test]
async fn a_line_of_70_000_commas_is_refused_and_the_next_file_is_taken() {
    let app = TestApp::new().await;
    let customer = super::customer(&app, Product::Intent).await;
    let bulk = Limited::to_half(&app, "bulk");
    let short = "a,b.co\n".repeat(999);
    let wide = format!("name,domain\n{}\n{short}", ",".repeat(70_000));
    let (status, error) = bulk.call(&customer, ROUTE, ("text/csv", &wide));
    assert_eq!(status, 400);
    assert_eq!(error["error"]["reason"], "too_many_columns", "{error}");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("line 2 "), "{message}");
    submit(&bulk, &customer, "stripe.com\n");
    bulk.print_peak("a line of 70,000 commas");
}

#[tokio::test]
async fn the_widest_files_of_two_accounts_are_scored_and_given_up() {
    let app = TestApp::new().await;
    for (what, file) in files() {
        for worker in ["bulk-worker", "bulk-undeliverable"] {
            let bulk = Limited::to_half(&app, "bulk");
            let worker = Limited::to_half(&app, worker);
            let mut jobs = Vec::new();
            for _ in 0..2 {
                let customer = super::customer(&app, Product::Intent).await;
                let job = submit(&bulk, &customer, &file);
                jobs.push((customer, job));
            }
            bulk.print_peak(what);
            let (first, second) = (&jobs[0], &jobs[1]);
            let mut messages = app.messages(&first.0, first.1).await;
            messages.extend(app.messages(&second.0, second.1).await);
            worker.deliver(&messages);
            worker.print_peak(what);
            for (customer, job) in &jobs {
                assert!(state(&app, customer, *job).await.is_final(), "{what}");
            }
        }
    }
}
