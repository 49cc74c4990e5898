//! Bulk jobs: exact under any number of deliveries, and after a death at any write.

use bulk::{Attempt, Worker};
use queue::{ScoreChunk, Task};
use serde_json::{Value, json};
use store::JobState;
use tests::{Customer, Death, TestApp};
use types::{Credits, JobId};

/// Companies of the test's files: the even ones are known, the odd ones are not.
fn file(rows: usize) -> String {
    let rows: Vec<String> = (0..rows)
        .map(|row| format!("Company {row},company{row}.com"))
        .collect();
    format!("company_name,domain\n{}\n", rows.join("\n"))
}

async fn know_even_companies(app: &TestApp, customer: &Customer, rows: usize) {
    let signals: Vec<Value> = (0..rows)
        .step_by(2)
        .map(|row| {
            json!({ "domain": format!("company{row}.com"), "kind": "hiring", "observed_at": "2026-11-10",
                    "source": "test", "external_id": "1" })
        })
        .collect();
    app.post("/api/v1/signals")
        .key(customer)
        .json(&json!(signals))
        .send()
        .await
        .expect(200);
}

async fn submit(app: &TestApp, customer: &Customer, rows: usize) -> (JobId, Vec<String>) {
    let answer = app
        .post("/api/v1/score/bulk")
        .key(customer)
        .csv(&file(rows))
        .send()
        .await
        .expect(202);
    let job: JobId = answer.json["job_id"].as_str().unwrap().parse().unwrap();
    let chunks = rows.div_ceil(50) as u64;
    let message = |chunk| {
        let task = Task::ScoreChunk(ScoreChunk {
            account: customer.account,
            job,
            chunk,
        });
        serde_json::to_string(&task).unwrap()
    };
    (job, (0..chunks).map(message).collect())
}

fn worker(app: &TestApp) -> Worker {
    Worker::from_env(&app.env, &app.aws, app.clock.clock()).unwrap()
}

/// What a job of 120 rows has come to when all of it is right.
async fn assert_exact(app: &TestApp, customer: &Customer, job: JobId, before: Credits) {
    let row = app
        .workspace
        .job(customer.account, job)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.state, JobState::Done);
    assert_eq!((row.rows_done, row.rows_failed), (120, 0));
    assert_eq!(row.charged, Some(Credits::whole(60).tenths()));
    assert_eq!(app.balance(customer).await, before - Credits::whole(60));
    let meter = app
        .accounts
        .meter(customer.account, customer.product)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(meter.jobs_active, 0);
    let result = result(app, &row.result_key.unwrap()).await;
    let lines: Vec<&str> = result.lines().collect();
    assert_eq!(lines.len(), 121);
    assert!(
        lines[1].starts_with("Company 0,company0.com,company0.com,scored,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[120].starts_with("Company 119,company119.com,company119.com,no_signals,"),
        "{}",
        lines[120]
    );
}

async fn result(app: &TestApp, key: &str) -> String {
    let bucket = blob::Bucket::new(app.aws.clone(), app.env.required("BUCKET").unwrap());
    let object = bucket.get(key, 10_000_000).await.unwrap();
    String::from_utf8(object.body.to_vec()).unwrap()
}

#[tokio::test]
async fn messages_delivered_three_times_at_once_count_once() {
    let app = TestApp::new().await;
    let customer = app.customer(1_000).await;
    know_even_companies(&app, &customer, 120).await;
    let (job, messages) = submit(&app, &customer, 120).await;
    assert_eq!(app.balance(&customer).await, Credits::whole(880));

    let worker = worker(&app);
    let deliveries = messages.iter().chain(&messages).chain(&messages);
    futures::future::join_all(deliveries.map(|message| worker.handle(message, Attempt::Score)))
        .await;
    // Who lost the race for the lease is delivered again.
    for message in &messages {
        worker.handle(message, Attempt::Score).await.unwrap();
    }
    assert_exact(&app, &customer, job, Credits::whole(1_000)).await;
}

#[tokio::test]
async fn a_worker_killed_at_any_write_leaves_a_job_that_ends_exactly() {
    let app = TestApp::new().await;
    let customer = app.customer(100_000).await;
    know_even_companies(&app, &customer, 120).await;
    let mortal = Worker::from_env(&app.env, &app.mortal, app.clock.clock()).unwrap();
    let alive = worker(&app);
    let mut deaths = 0;
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let before = app.balance(&customer).await;
        let (job, messages) = submit(&app, &customer, 120).await;
        let all = async {
            for message in &messages {
                mortal.handle(message, Attempt::Score).await.unwrap();
            }
        };
        let died = app.deaths.run(Some(death), all).await.is_none();
        deaths += usize::from(died);
        // The dead worker's lease runs out, and the queue delivers everything again.
        app.clock.advance(61);
        for message in &messages {
            alive.handle(message, Attempt::Score).await.unwrap();
        }
        assert_exact(&app, &customer, job, before).await;
        if !died {
            break;
        }
    }
    // Three parts and three counts, the lease, the result, the end (no row failed, so there is no file of errors).
    assert_eq!(
        deaths,
        2 * 9,
        "a death before and after each write of a job"
    );
}
