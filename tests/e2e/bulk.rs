use intent_store::ScoreJob;
use queue::{Queue, ScoreChunk, Task};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::{Customer, Deployed, answer};
use types::{Credits, JobId};

const FILE: &str = "\u{feff}Firma;Domain\r\n\
    Stripe;https://www.stripe.com/\r\n\
    =Bücher;www.bücher.de\r\n\
    Again;STRIPE.COM\r\n\
    None;no domain\r\n";

/// How long a job may take on a busy machine.
const DEADLINE: u64 = 90;

async fn submit(stack: &Deployed, customer: &Customer, file: &str) -> Value {
    let part = Part::bytes(file.as_bytes().to_vec()).file_name("companies.csv");
    let post = stack.post("/api/v1/score/bulk").bearer_auth(&customer.raw);
    let post = post.multipart(Form::new().part("file", part));
    let submitted = answer(post).await.expect(202).json;
    let poll_url = submitted["poll_url"].as_str().unwrap();
    assert!(poll_url.starts_with(&stack.stack.base_url), "{poll_url}");
    submitted
}

/// Waits for the end of a job, and returns it.
pub(crate) async fn end(stack: &Deployed, customer: &Customer, job: &Value) -> Value {
    let url = job["poll_url"].as_str().unwrap();
    let poll = async || {
        let job = answer(stack.get(url).bearer_auth(&customer.raw)).await;
        let job = job.expect(200).json;
        let ended = !["queued", "running"].contains(&job["status"].as_str().unwrap());
        ended.then_some(job)
    };
    stack
        .wait_for(&format!("the end of {job}"), DEADLINE, poll)
        .await
}

async fn download(stack: &Deployed, url: &Value) -> String {
    let file = stack.get(url.as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.status(), 200);
    file.text().await.unwrap().replace("\r\n", "\n")
}

#[tokio::test]
async fn a_file_is_uploaded_scored_and_downloaded() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let job = submit(&stack, &customer, FILE).await;
    let done = end(&stack, &customer, &job).await;
    assert_eq!(done["status"], "done");
    let rows = json!({ "total": 4, "valid": 2, "invalid": 1, "duplicate": 1, "done": 2, "failed": 0, "pending": 0 });
    assert_eq!(done["rows"], rows);
    assert_eq!(
        done["credits"],
        json!({ "reserved": 2, "charged": 1, "refunded": 1 })
    );

    let list = stack.get("/api/v1/score/bulk").bearer_auth(&customer.raw);
    let listed = answer(list).await.expect(200).json;
    assert_eq!(listed["jobs"][0]["job_id"], job["job_id"]);

    let result = download(&stack, &done["download_url"]).await;
    let lines: Vec<&str> = result.lines().collect();
    assert!(lines[0].starts_with("Firma,Domain,scored_domain,status,score,band,"));
    assert!(lines[1].starts_with("Stripe,https://www.stripe.com/,stripe.com,scored,"));
    assert!(
        lines[2].starts_with("'=Bücher,www.bücher.de,xn--bcher-kva.de,no_signals,0,COLD,none,")
    );
    assert!(lines[3].starts_with("Again,STRIPE.COM,stripe.com,scored,"));
    assert!(lines[4].starts_with("None,no domain,,domain_malformed,"));
    assert_eq!(lines.len(), 5);
    let errors = download(&stack, &done["errors_url"]).await;
    assert!(
        errors
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("None,no domain,5,domain_malformed,")
    );
    assert_eq!(customer.balance(&stack.accounts).await, Credits::whole(9));
    assert_eq!(customer.meter(&stack.accounts).await.jobs_active, 0);
}

/// The local stack limits functions to their memory.
#[tokio::test]
async fn a_line_of_70_000_commas_is_refused() {
    let stack = Deployed::running();
    let customer = stack.customer(1_000).await;
    let short = "a,b.co\n".repeat(999);
    let file = format!("name,domain\n{}\n{short}", ",".repeat(70_000));
    let post = stack.post("/api/v1/score/bulk").bearer_auth(&customer.raw);
    let post = post.header("Content-Type", "text/csv").body(file);
    let refused = answer(post).await.expect(400).json;
    assert_eq!(refused["error"]["reason"], "too_many_columns", "{refused}");
}

#[tokio::test]
async fn a_message_that_is_delivered_again_changes_nothing() {
    let stack = Deployed::running();
    let customer = stack.customer(10).await;
    let job = submit(&stack, &customer, FILE).await;
    end(&stack, &customer, &job).await;
    let id: JobId = job["job_id"].as_str().unwrap().parse().unwrap();
    let row = async || {
        let row = stack.workspace.job::<ScoreJob>(customer.account, id);
        row.await.unwrap()
    };
    let before = row().await;

    let chunk = Task::ScoreChunk(ScoreChunk {
        account: customer.account,
        job: id,
        chunk: 0,
    });
    let queue = Queue::new(&stack.aws, stack.stack.queues["bulk"].clone());
    queue.send("e2e", &[chunk.clone(), chunk]).await.unwrap();
    // A job that is submitted after them stands behind them in the queue.
    let later = submit(&stack, &customer, FILE).await;
    end(&stack, &customer, &later).await;
    assert_eq!(row().await, before);
    assert_eq!(customer.balance(&stack.accounts).await, Credits::whole(8));
    assert_eq!(customer.meter(&stack.accounts).await.jobs_active, 0);
}

#[tokio::test]
async fn a_large_job_that_is_cancelled_is_settled() {
    let stack = Deployed::running();
    let customer = stack.customer(1_000).await;
    let rows: Vec<String> = (0..1_000).map(|row| format!("company{row}.com")).collect();
    let job = submit(&stack, &customer, &rows.join("\n")).await;
    let cancel = format!("{}/cancel", job["poll_url"].as_str().unwrap());
    let cancelled = answer(stack.post(&cancel).bearer_auth(&customer.raw)).await;
    cancelled.expect(200);
    let ended = end(&stack, &customer, &job).await;
    assert_eq!(ended["status"], "cancelled");
    assert_eq!(
        download(&stack, &ended["download_url"])
            .await
            .lines()
            .count(),
        1_001
    );
    assert_eq!(
        customer.balance(&stack.accounts).await,
        Credits::whole(1_000)
    );
    assert_eq!(customer.meter(&stack.accounts).await.jobs_active, 0);
}
