//! The operator's command line, in this process, on tables and queues of the test's own.

mod account;
mod credits;
mod dead_letters;
mod deployment;
mod import;
mod job;
mod key;
mod ledger;
mod protocols;
mod suspension;
mod webhook_tail;
mod words;

use assay::Outcome;
use serde_json::Value;
use tests::{Customer, TestApp};
use types::{AccountId, Product};

/// Runs a command line.
pub(crate) async fn operate(app: &TestApp, words: &[&str]) -> Outcome {
    let words = [&["assay"], words].concat();
    Box::pin(assay::run(words, app.env.clone(), app.clock.clock())).await
}

/// The text output of a command that succeeds.
pub(crate) async fn text(app: &TestApp, words: &[&str]) -> String {
    let outcome = operate(app, words).await;
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    outcome.stdout
}

/// Its JSON output.
pub(crate) async fn json(app: &TestApp, words: &[&str]) -> Value {
    let answer = text(app, &[words, &["--json"]].concat()).await;
    serde_json::from_str(&answer).unwrap()
}

/// The error of a command that fails.
pub(crate) async fn refusal(app: &TestApp, words: &[&str]) -> String {
    let outcome = operate(app, words).await;
    assert_eq!((outcome.code, &*outcome.stdout), (1, ""));
    let why = outcome.stderr.strip_prefix("assay: ").unwrap();
    why.trim_end().to_owned()
}

/// A new account with one intent key, both made by the command line.
pub(crate) async fn open(app: &TestApp, credits: &str) -> Customer {
    let credits = format!("intent={credits}");
    let words = ["account", "create", "Acme", "--plan", "intent=growth"];
    let made = json(app, &[&words[..], &["--credits", &credits]].concat()).await;
    let account = made["account"].as_str().unwrap();
    let key = json(app, &["key", "issue", account, "intent"]).await;
    Customer {
        account: account.parse().unwrap(),
        product: Product::Intent,
        key: key["key_id"].as_str().unwrap().parse().unwrap(),
        raw: key["key"].as_str().unwrap().to_owned(),
    }
}

/// An account's audit log, newest first.
pub(crate) async fn audited(app: &TestApp, account: AccountId) -> Vec<(Value, String)> {
    let (entries, _) = app.accounts.audit_log(account, None, 100).await.unwrap();
    let told = entries.into_iter().map(|entry| {
        assert_eq!(entry.actor, accounts::Actor::Operator);
        (serde_json::to_value(entry.action).unwrap(), entry.details)
    });
    told.collect()
}
