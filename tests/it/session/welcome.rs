//! The welcome credits of a user whose address is verified.

use accounts::{EntryKind, NewGrant, SubjectRow};
use futures::future::join_all;
use serde_json::{Value, json};
use store::SubjectHash;
use tests::{Customer, Death, Issuer, TestApp};
use types::{AccountId, Credits, Product};

use super::PATH;

async fn call(app: &TestApp, token: &str) {
    app.get(PATH).bearer(token).send().await.expect(200);
}

async fn row(app: &TestApp, issuer: &Issuer, name: &str) -> SubjectRow {
    let hash = SubjectHash::of(&issuer.url(), name);
    app.accounts.find_subject(&hash).await.unwrap().unwrap()
}

/// How often the account was given the credits of a product, and what they are now: the balance, which is that of ledger and
/// grants.
async fn given(app: &TestApp, account: AccountId, product: Product) -> (usize, Credits) {
    let customer = Customer {
        account,
        product,
        key: types::KeyId::new(app.clock.now()),
        raw: String::new(),
    };
    let ledger = app.accounts.ledger(account, product).await.unwrap();
    let welcomed = ledger
        .iter()
        .filter(|entry| entry.kind == EntryKind::Grant && entry.note == "welcome");
    let grants = app.accounts.grants(account, product).await.unwrap();
    let left: Credits = grants.iter().map(accounts::Grant::left).sum();
    let balance = app.balance(&customer).await;
    assert_eq!(left, balance);
    (welcomed.count(), balance)
}

async fn assert_given(app: &TestApp, issuer: &Issuer, name: &str, times: usize) {
    let row = row(app, issuer, name).await;
    let credits = Credits::whole(if times == 0 { 0 } else { 50 });
    for product in [Product::Intent, Product::Leads] {
        assert_eq!(given(app, row.account, product).await, (times, credits));
    }
    for product in [Product::Liquidity, Product::Portal] {
        assert_eq!(given(app, row.account, product).await.0, 0);
    }
}

fn with(issuer: &Issuer, app: &TestApp, name: &str, claims: &[(&str, Value)]) -> String {
    let mut all = issuer.verified_claims(name, app.clock.now());
    for (claim, value) in claims {
        all[claim] = value.clone();
    }
    issuer.rsa.token("rsa", &all)
}

#[tokio::test]
async fn come_with_the_first_token_of_a_verified_address_and_with_no_other() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    for (number, verified) in [json!(true), json!("true")].into_iter().enumerate() {
        let name = format!("user{number}");
        call(&app, &issuer.token(&name, app.clock.now())).await;
        for claim in [
            json!(false),
            json!("false"),
            json!(1),
            json!([true]),
            Value::Null,
        ] {
            let token = with(&issuer, &app, &name, &[("email_verified", claim)]);
            call(&app, &token).await;
        }
        for address in [json!(""), json!(" "), json!(7), Value::Null] {
            let token = with(&issuer, &app, &name, &[("email", address)]);
            call(&app, &token).await;
        }
        assert_given(&app, &issuer, &name, 0).await;
        let token = with(&issuer, &app, &name, &[("email_verified", verified)]);
        for _ in 0..2 {
            call(&app, &token).await;
            call(&app.restarted(), &token).await;
            assert_given(&app, &issuer, &name, 1).await;
        }
    }
}

#[tokio::test]
async fn are_given_once_to_parallel_calls_of_many_instances() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let now = app.clock.now();
    // Ada was here before; of Bob all calls are the first; of Cid half of them have no verified address.
    call(&app, &issuer.token("ada", now)).await;
    for (name, of) in [("ada", 1), ("bob", 1), ("cid", 2)] {
        let instances: Vec<TestApp> = (0..20).map(|_| app.restarted()).collect();
        let calls = instances.iter().enumerate().map(async |(number, app)| {
            let token = if number % of == 0 {
                issuer.verified(name, now)
            } else {
                issuer.token(name, now)
            };
            call(app, &token).await;
        });
        join_all(calls).await;
        assert_given(&app, &issuer, name, 1).await;
        assert!(!row(&app, &issuer, name).await.welcome_due);
    }
}

#[tokio::test]
async fn are_given_once_wherever_a_call_dies() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let now = app.clock.now();
    let mut deaths = 0;
    for (number, death) in (0..)
        .flat_map(|write| [Death::Before(write), Death::After(write)])
        .enumerate()
    {
        let name = format!("user{number}");
        call(&app, &issuer.token(&name, now)).await;
        let (mortal, token) = (app.on_mortal(), issuer.verified(&name, now));
        let died = app.deaths.run(Some(death), call(&mortal, &token)).await;
        call(&app.restarted(), &token).await;
        assert_given(&app, &issuer, &name, 1).await;
        if died.is_some() {
            break;
        }
        deaths += 1;
    }
    assert!(deaths >= 2, "{deaths}");
}

#[tokio::test]
async fn are_given_once_to_an_address() {
    let (one, other) = (Issuer::start(), Issuer::start());
    let app = TestApp::new().await.with_issuer(&one);
    let address = |address: &str| [("email", json!(address))];
    let ada = address("ada@example.com");
    call(&app, &with(&one, &app, "ada", &ada)).await;
    // Signed up again, and at another issuer.
    let again = address(" ADA@example.com");
    call(&app, &with(&one, &app, "ada2", &again)).await;
    let there = app.with_issuer(&other);
    call(&there, &with(&other, &there, "ada", &ada)).await;
    // First without the address, then with it.
    call(&app, &one.token("ada3", app.clock.now())).await;
    for _ in 0..2 {
        call(&app, &with(&one, &app, "ada3", &again)).await;
    }
    assert_given(&app, &one, "ada", 1).await;
    assert_given(&app, &other, "ada", 0).await;
    for name in ["ada2", "ada3"] {
        assert_given(&app, &one, name, 0).await;
        assert!(!row(&app, &one, name).await.welcome_due);
    }
    call(&app, &with(&one, &app, "bob", &address("bob@example.com"))).await;
    assert_given(&app, &one, "bob", 1).await;
}

#[tokio::test]
async fn of_one_address_go_to_one_of_parallel_users() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let now = app.clock.now();
    let names: Vec<String> = (0..10).map(|number| format!("user{number}")).collect();
    for name in &names[..5] {
        call(&app, &issuer.token(name, now)).await;
    }
    let instances: Vec<TestApp> = names.iter().map(|_| app.restarted()).collect();
    let calls = names.iter().zip(&instances).map(async |(name, app)| {
        let token = with(&issuer, app, name, &[("email", json!("one@example.com"))]);
        call(app, &token).await;
    });
    join_all(calls).await;
    let mut times = 0;
    for name in &names {
        let row = row(&app, &issuer, name).await;
        assert!(!row.welcome_due);
        times += given(&app, row.account, Product::Intent).await.0;
    }
    assert_eq!(times, 1);
}

#[tokio::test]
async fn come_on_top_of_what_the_operator_gave() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let now = app.clock.now();
    call(&app, &issuer.token("ada", now)).await;
    let account = row(&app, &issuer, "ada").await.account;
    let new = NewGrant::of(Credits::whole(7), "by hand", now);
    let granted = app.accounts.grant(account, Product::Intent, &new, now);
    granted.await.unwrap();
    call(&app, &issuer.verified("ada", now)).await;
    let of = async |product| given(&app, account, product).await;
    assert_eq!(of(Product::Intent).await, (1, Credits::whole(57)));
    assert_eq!(of(Product::Leads).await, (1, Credits::whole(50)));
}

#[tokio::test]
async fn of_a_deployment_that_does_not_ask_for_an_address() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let now = app.clock.now();
    call(&app, &issuer.token("ada", now)).await;
    assert_given(&app, &issuer, "ada", 0).await;
    let all = app.with_variable("WELCOME_UNVERIFIED", "true");
    for name in ["ada", "bob"] {
        for _ in 0..2 {
            call(&all, &issuer.token(name, now)).await;
            assert_given(&app, &issuer, name, 1).await;
        }
        // And not again by the address.
        call(&app.restarted(), &issuer.verified(name, now)).await;
        assert_given(&app, &issuer, name, 1).await;
    }
}

#[tokio::test]
async fn are_given_once_by_two_calls_whatever_the_order_of_their_writes() {
    for unverified in ["false", "true"] {
        for number in 0.. {
            let issuer = Issuer::start();
            let app = TestApp::new().await.with_issuer(&issuer);
            let app = app.with_variable("WELCOME_UNVERIFIED", unverified);
            let due = app.with_variable("WELCOME_UNVERIFIED", "false");
            call(&due, &issuer.token("ada", app.clock.now())).await;
            let token = issuer.verified("ada", app.clock.now());
            let (held, direct) = (app.on_mortal(), app.restarted());
            let (process, other) = (call(&held, &token), call(&direct, &token));
            let ((), was_held) = app.deaths.meanwhile(number, process, other).await;
            assert_given(&app, &issuer, "ada", 1).await;
            if !was_held {
                assert!(number > 0);
                break;
            }
        }
    }
}
