//! Accounts that the operator suspends, and resumes.

mod calls;
mod jobs;
mod meanwhile;
mod products;
mod refresher;

use tests::{Answer, Customer, TestApp};
use types::{AccountId, Product};

use crate::operator::{json, open, operate, text};

const SCORE: &str = "/api/v1/score?domain=stripe.com";
/// A call of intent without a price.
const FREE: &str = "/api/v1/score/bulk";
const REASON: &str = "chargeback of invoice 17";

async fn suspend(app: &TestApp, account: AccountId) -> serde_json::Value {
    let account = account.to_string();
    json(app, &["account", "suspend", &account, "--reason", REASON]).await
}

async fn resume(app: &TestApp, account: AccountId) {
    text(app, &["account", "resume", &account.to_string()]).await;
}

/// A new account with all products, and a key for each.
async fn customers(app: &TestApp) -> [Customer; 4] {
    let mut words = vec!["account", "create", "Acme", "--credits", "intent=100"];
    for plan in [
        "intent=growth",
        "leads=growth",
        // Without limits, so that its calls are spread over shards.
        "liquidity=institutional",
        "portal=pro",
    ] {
        words.extend(["--plan", plan]);
    }
    let account = json(app, &words).await["account"].clone();
    let account = account.as_str().unwrap();
    let mut made = Vec::new();
    for product in Product::ALL {
        let key = json(app, &["key", "issue", account, product.as_str()]).await;
        made.push(Customer {
            account: account.parse().unwrap(),
            product,
            key: key["key_id"].as_str().unwrap().parse().unwrap(),
            raw: key["key"].as_str().unwrap().to_owned(),
        });
    }
    made.try_into().ok().unwrap()
}

#[track_caller]
fn assert_suspended(answer: &Answer) {
    assert_eq!(answer.status, 403, "{}", answer.json);
    assert_eq!(answer.error().1, "account_suspended");
    let shown = String::from_utf8_lossy(&answer.bytes);
    assert!(shown.contains("contact the operator"), "{shown}");
    assert!(!shown.contains("chargeback"), "{shown}");
    assert_eq!(answer.header("x-ratelimit-limit"), "");
}
