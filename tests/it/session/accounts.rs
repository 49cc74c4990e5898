use accounts::{Actor, AuditAction, Entry, SubjectRow};
use store::SubjectHash;
use tests::{Customer, Issuer, TestApp, signal};
use types::{Credits, Product};

use super::{PATH, SCORE};

async fn user(app: &TestApp, issuer: &Issuer, name: &str) -> SubjectRow {
    let hash = SubjectHash::of(&issuer.url(), name);
    app.accounts.find_subject(&hash).await.unwrap().unwrap()
}

/// The user's session on a product, as the key that it counts as.
fn customer(user: SubjectRow, product: Product, token: &str) -> Customer {
    Customer {
        account: user.account,
        product,
        key: user.key,
        raw: token.to_owned(),
    }
}

#[tokio::test]
async fn the_first_call_opens_an_account_on_the_free_plans() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = issuer.verified("ada", app.clock.now());
    app.get(SCORE).bearer(&token).send().await.expect(200);
    let ada = user(&app, &issuer, "ada").await;
    for (product, plan, credits) in [
        (Product::Intent, "free", 50),
        (Product::Leads, "free", 50),
        (Product::Liquidity, "observer", 0),
        (Product::Portal, "free", 0),
    ] {
        let customer = customer(ada, product, &token);
        assert_eq!(app.meter(&customer).await.plan, plan);
        assert_eq!(app.balance(&customer).await, Credits::whole(credits));
        let ledger = app.accounts.ledger(ada.account, product).await.unwrap();
        let notes: Vec<&str> = ledger.iter().map(|entry: &Entry| &*entry.note).collect();
        assert_eq!(notes, if credits > 0 { vec!["welcome"] } else { vec![] });
    }
    let (log, next) = app.accounts.audit_log(ada.account, None, 10).await.unwrap();
    assert_eq!((log.len(), next), (1, None));
    assert_eq!(log[0].action, AuditAction::AccountCreate);
    assert_eq!(log[0].actor, Actor::Session(ada.key));
    assert_eq!(log[0].target, ada.account.to_string());
}

#[tokio::test]
async fn parallel_first_calls_open_one_account() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = issuer.verified("ada", app.clock.now());
    let instances: Vec<TestApp> = (0..20).map(|_| app.restarted()).collect();
    let calls = instances
        .iter()
        .map(|app| app.get(SCORE).bearer(&token).send());
    for answer in futures::future::join_all(calls).await {
        answer.expect(200);
    }
    let ada = customer(user(&app, &issuer, "ada").await, Product::Intent, &token);
    // All of them counted on the one meter.
    assert_eq!(app.calls_this_minute(&ada).await, 20);
    assert_eq!(app.balance(&ada).await, Credits::whole(50));
}

#[tokio::test]
async fn a_session_counts_as_a_key_of_its_own() {
    let issuer = Issuer::start();
    let app = TestApp::new().await.with_issuer(&issuer);
    let token = issuer.verified("ada", app.clock.now());
    let get = || app.get(SCORE).bearer(&token).send();
    let answer = get().await.expect(200);
    assert_eq!(answer.header("x-ratelimit-remaining"), "59");
    assert_eq!(answer.header("x-key-expires"), "");
    let ada = customer(user(&app, &issuer, "ada").await, Product::Intent, &token);
    app.learn(&ada, &[signal("stripe.com", "hiring", 10, "1")])
        .await;
    get().await.expect(200);
    assert_eq!(app.balance(&ada).await, Credits::whole(49));
    // Every scope of the product.
    let posted = app.post("/api/v1/signals").bearer(&token);
    posted
        .json(&signal("stripe.com", "hiring", 10, "1"))
        .send()
        .await
        .expect(200);
    app.get("/api/v1/score")
        .bearer(&token)
        .send()
        .await
        .expect(400);
    for _ in 0..49 {
        get().await.expect(200);
    }
    assert_eq!(get().await.expect(402).error().0, "INSUFFICIENT_CREDITS");
}

#[tokio::test]
async fn users_of_one_name_at_two_issuers_are_two() {
    let (one, other) = (Issuer::start(), Issuer::start());
    let app = TestApp::new().await;
    for issuer in [&one, &other] {
        let app = app.with_issuer(issuer);
        let token = issuer.verified("ada", app.clock.now());
        app.get(PATH).bearer(&token).send().await.expect(200);
    }
    let of = async |issuer| user(&app, issuer, "ada").await.account;
    assert_ne!(of(&one).await, of(&other).await);
}
