//! `/api/v1/score/bulk`, and the workers behind it.

mod cancel;
mod cancel_deaths;
mod deliveries;
mod fences;
mod files;
mod forms;
mod give_up;
mod links;
mod list;
mod progress;
mod refused;
mod slots;
mod submit;

use accounts::EntryKind;
use intent_store::ScoreJob;
use serde_json::Value;
use tests::{Customer, TestApp, signal};
use types::{Credits, JobId};
use workspace::Job;

const PATH: &str = "/api/v1/score/bulk";

/// A file of so many companies.
pub(crate) fn companies(rows: usize) -> String {
    let rows: Vec<String> = (0..rows)
        .map(|row| format!("Company {row},company{row}.com"))
        .collect();
    format!("company_name,domain\n{}\n", rows.join("\n"))
}

/// A customer who knows something of every second of the companies: only those cost a credit.
pub(crate) async fn customer_who_knows_half(app: &TestApp, credits: i64, rows: usize) -> Customer {
    let customer = app.customer(credits).await;
    let signals: Vec<Value> = (0..rows)
        .step_by(2)
        .map(|row| signal(&format!("company{row}.com"), "hiring", 10, "1"))
        .collect();
    app.learn(&customer, &signals).await;
    customer
}

fn path(job: JobId) -> String {
    format!("{PATH}/{job}")
}

/// Fails the test unless an ended job is exact: its counts and charges are those of the file, the balance is less by just
/// that, the ledger has each of its entries once, and its slot is free. Answers the job and its result.
pub(crate) async fn assert_settled(
    app: &TestApp,
    customer: &Customer,
    job: JobId,
    before: Credits,
) -> (Job<ScoreJob>, String) {
    let row = app.job(customer, job).await;
    assert!(row.state.is_final(), "{row:?}");
    let result = app
        .object(row.work.files.result_key.as_ref().unwrap())
        .await;
    let lines: Vec<&str> = result.lines().skip(1).collect();
    assert_eq!(lines.len() as u64, row.work.rows_total);
    let with = |part: &str| lines.iter().filter(|line| line.contains(part)).count() as u64;
    assert_eq!(with(",scored,") + with(",no_signals,"), row.units_done);
    assert_eq!(with(",not_processed,"), row.units_failed);
    let charged = lines.iter().filter(|line| line.ends_with(",1")).count();
    let charged = Credits::whole(i64::try_from(charged).unwrap());
    assert_eq!(row.charged, Some(charged.tenths()));
    assert_eq!(app.balance(customer).await, before - charged);
    assert_eq!(app.meter(customer).await.jobs_active, 0);

    let ledger = app.accounts.ledger(customer.account, customer.product);
    let mut kinds: Vec<EntryKind> = Vec::new();
    for entry in ledger.await.unwrap() {
        if entry.reference.starts_with(&job.suffix()) {
            kinds.push(entry.kind);
        }
    }
    let mut expected = vec![EntryKind::Reserve, EntryKind::Settle];
    expected.extend((charged != row.reserved()).then_some(EntryKind::Void));
    assert_eq!(kinds, expected);
    (row, result)
}
