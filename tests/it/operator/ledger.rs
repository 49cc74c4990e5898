use accounts::EntryKind;
use intent::Kind;
use tests::{Customer, TestApp, known};
use types::Product;

use super::{json, operate};

const SCORE: &str = "/api/v1/score?domain=stripe.com";

/// A customer with every kind of entry but a refund, a grant that ended, one that came back, and a day that is not closed.
async fn busy_customer(app: &TestApp) -> Customer {
    let customer = super::open(app, "20").await;
    let account = customer.account.to_string();
    let grant = ["credits", "grant", &account, "intent", "5", "--days", "1"];
    json(app, &grant).await;
    let adjust = ["credits", "adjust", &account, "intent", "-1", "--note", "x"];
    json(app, &adjust).await;
    let job = app.submit(&customer, "domain\na.com\nb.com\n").await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for _ in 0..2 {
        app.get(SCORE).key(&customer).send().await.expect(200);
        app.clock.advance(86_400);
    }
    app.get(SCORE).key(&customer).send().await.expect(200);
    app.deliver(&customer, job, bulk::Attempt::Score).await;
    customer
}

/// Expects a ledger that does not agree; returns the problems with its grants.
async fn found(app: &TestApp, customer: &Customer) -> Vec<String> {
    let account = customer.account.to_string();
    let words = ["ledger", "verify", &account, "intent"];
    let outcome = operate(app, &words).await;
    assert_eq!((outcome.code, &*outcome.stderr), (1, ""));
    assert!(
        outcome.stdout.contains("1 ledgers, some do not agree."),
        "{}",
        outcome.stdout
    );
    let outcome = operate(app, &[&words[..], &["--json"]].concat()).await;
    let found: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(found["ok"], false);
    let grants = found["ledgers"][0]["grants"].as_array().unwrap();
    let problems = grants
        .iter()
        .map(|problem| problem.as_str().unwrap().to_owned());
    problems.collect()
}

async fn reference(app: &TestApp, customer: &Customer, kind: EntryKind) -> String {
    let ledger = app.accounts.ledger(customer.account, Product::Intent).await;
    let entry = ledger.unwrap().into_iter().find(|entry| entry.kind == kind);
    format!("LEDGER#intent#{}", entry.unwrap().reference)
}

async fn grant(app: &TestApp, customer: &Customer, tenths: i64) -> String {
    let grants = app.accounts.grants(customer.account, Product::Intent).await;
    let grant = grants
        .unwrap()
        .into_iter()
        .find(|grant| grant.tenths == tenths);
    format!("GRANT#intent#{}", grant.unwrap().grant.suffix())
}

#[tokio::test]
async fn one_that_agrees() {
    let app = TestApp::new().await;
    let customer = busy_customer(&app).await;
    let other = super::open(&app, "1").await;
    let verified = json(&app, &["ledger", "verify"]).await;
    assert_eq!(verified["ok"], true);
    let ledgers = verified["ledgers"].as_array().unwrap();
    assert_eq!(ledgers.len(), 2);
    let of = |customer: &Customer| {
        let account = customer.account.to_string();
        let mut ledgers = ledgers.iter();
        ledgers.find(|ledger| ledger["account"] == account).unwrap()
    };
    assert_eq!(of(&other)["credits"], 1);
    let busy = of(&customer);
    assert_eq!(
        (&busy["difference"], &busy["openSpend"]),
        (&0.into(), &1.into())
    );
    let text = super::text(&app, &["ledger", "verify"]).await;
    assert!(
        text.contains("2 ledgers, all agree. Checked: ledger − open spend = balance."),
        "{text}"
    );
}

#[tokio::test]
async fn one_with_an_entry_lost_changed_or_too_many() {
    let app = TestApp::new().await;
    for kind in [
        EntryKind::Adjust,
        EntryKind::Reserve,
        EntryKind::Void,
        EntryKind::Spend,
    ] {
        let customer = busy_customer(&app).await;
        let sort = reference(&app, &customer, kind).await;
        app.tamper(&customer, &sort, "tenths", -7).await;
        assert!(found(&app, &customer).await.is_empty(), "{kind:?}");
        app.lose(&customer, &sort).await;
        assert!(found(&app, &customer).await.is_empty(), "{kind:?}");
    }
    let customer = busy_customer(&app).await;
    app.tamper(&customer, "METER#intent", "credits", 1_000)
        .await;
    assert!(found(&app, &customer).await.is_empty());
    // The other ledgers agree, but one of those that are checked does not.
    assert_eq!(operate(&app, &["ledger", "verify"]).await.code, 1);
}

#[tokio::test]
async fn one_whose_grants_are_not_those_of_the_ledger() {
    let app = TestApp::new().await;
    let ends = |problems: &[String], end: &str| {
        assert!(
            problems.iter().any(|problem| problem.ends_with(end)),
            "{problems:?}"
        );
    };
    let customer = busy_customer(&app).await;
    let (lasting, ended) = (
        grant(&app, &customer, 200).await,
        grant(&app, &customer, 50).await,
    );
    app.tamper(&customer, &lasting, "remaining", 201).await;
    ends(
        &found(&app, &customer).await,
        "has 20.1 remaining and 0 expired of 20",
    );
    app.tamper(&customer, &lasting, "remaining", 200).await;
    app.tamper(&customer, &ended, "remaining", 50).await;
    let problems = found(&app, &customer).await;
    assert_eq!(
        problems.len(),
        2,
        "what is left, and the next end: {problems:?}"
    );
    app.tamper(&customer, &ended, "remaining", 0).await;
    app.tamper(&customer, &ended, "tenths", 60).await;
    ends(
        &found(&app, &customer).await,
        "has the amount 6, but 5 in the ledger",
    );
    app.tamper(&customer, &ended, "tenths", 50).await;
    json(&app, &["ledger", "verify"]).await;
    app.lose(&customer, &ended).await;
    ends(
        &found(&app, &customer).await,
        "is in the ledger, but the grant does not exist",
    );
}

#[tokio::test]
async fn one_that_is_not_there() {
    let app = TestApp::new().await;
    let account = super::open(&app, "1").await.account.to_string();
    let why = super::refusal(&app, &["ledger", "verify", &account, "leads"]).await;
    assert!(
        why.starts_with(&format!("{account} does not have leads")),
        "{why}"
    );
    let alone = operate(&app, &["ledger", "verify", &account]).await;
    assert_eq!(alone.code, 2);
}
