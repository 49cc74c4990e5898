//! `GET /api/v1/score/bulk`: every job once, the newest first, and nobody else's.

use bulk::Attempt;
use serde_json::Value;
use tests::{Answer, Customer, TestApp};

use super::{PATH, companies};

async fn page(app: &TestApp, customer: &Customer, query: &str) -> Answer {
    let path = format!("{PATH}{query}");
    app.get(&path).key(customer).send().await
}

fn ids(page: &Answer) -> Vec<String> {
    let jobs = page.json["jobs"].as_array().unwrap();
    jobs.iter()
        .map(|job| job["job_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Five jobs, each ended before the next is submitted. Answers their ids, the newest first.
async fn five_jobs(app: &TestApp, customer: &Customer) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..5 {
        let job = app.submit(customer, &companies(2)).await;
        app.deliver(customer, job, Attempt::Score).await;
        ids.insert(0, job.to_string());
        app.clock.advance(1);
    }
    ids
}

#[tokio::test]
async fn pages_show_every_job_once() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let other = app.customer(100).await;
    five_jobs(&app, &other).await;
    let jobs = five_jobs(&app, &customer).await;

    let all = page(&app, &customer, "").await.expect(200);
    assert_eq!(ids(&all), jobs);
    assert_eq!(all.json["next_cursor"], Value::Null);
    assert_eq!(all.json["jobs"][0]["status"], "done");
    assert_eq!(all.json["jobs"][0]["rows"]["done"], 2);

    let mut seen = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let answer = page(&app, &customer, &query).await.expect(200);
        seen.extend(ids(&answer));
        match answer.json["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, jobs);
}

#[tokio::test]
async fn a_cursor_of_another_account_shows_nothing_of_it() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    let other = app.customer(100).await;
    let jobs = five_jobs(&app, &other).await;
    let query = format!("?cursor={}", jobs[0]);
    let answer = page(&app, &customer, &query).await.expect(200);
    assert_eq!(ids(&answer), Vec::<String>::new());
}

#[tokio::test]
async fn jobs_go_from_the_list_when_they_are_no_longer_kept() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    five_jobs(&app, &customer).await;
    app.clock.advance(7 * 86_400);
    let waiting = app.submit(&customer, &companies(1)).await;
    let answer = page(&app, &customer, "").await.expect(200);
    assert_eq!(ids(&answer), [waiting.to_string()]);
}

#[tokio::test]
async fn parameters_that_are_not_in_order() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    for (query, reason) in [
        ("?limit=0", "parameter_invalid"),
        ("?limit=101", "parameter_invalid"),
        ("?limit=two", "parameter_invalid"),
        ("?cursor=job_1", "cursor_invalid"),
        ("?page=2", "parameter_unknown"),
    ] {
        let answer = page(&app, &customer, query).await.expect(400);
        assert_eq!(answer.error(), ("BAD_REQUEST", reason), "{query}");
    }
}
