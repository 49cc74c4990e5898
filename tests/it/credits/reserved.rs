//! What a job sets aside of grants that end, and where it goes when the job does not use it.

use accounts::{EntryKind, GrantSource};
use bulk::Attempt;
use futures::future::join_all;
use intent::Kind;
use serde_json::json;
use tests::{Customer, TestApp, known};
use types::{Credits, JobId};

use super::{entries, give};
use crate::score_bulk::companies;

const HOUR: i64 = 3_600;

/// A customer with 5 credits that end in an hour and 20 that do not.
async fn customer(app: &TestApp) -> Customer {
    let customer = app.customer(20).await;
    give(app, &customer, 5, Some(HOUR)).await;
    customer
}

async fn cancel(app: &TestApp, customer: &Customer, job: JobId) {
    let path = format!("/api/v1/score/bulk/{job}/cancel");
    app.post(&path).key(customer).send().await.expect(200);
}

/// Has spent so many credits by single calls.
async fn spend(app: &TestApp, customer: &Customer, calls: usize) {
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    for _ in 0..calls {
        let score = app.get("/api/v1/score?domain=stripe.com").key(customer);
        score.send().await.expect(200);
    }
}

/// What is left of each grant and whether it ends, as the customer sees it. Balance, ledger and grants agree.
async fn left(app: &TestApp, customer: &Customer) -> Vec<(i64, bool)> {
    let answer = app.get("/api/v1/credits").key(customer).send().await;
    let grants = answer.expect(200).json["grants"].clone();
    let left: Vec<(i64, bool)> = grants
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| {
            assert_ne!(grant["source"], "returned");
            let remaining = grant["remaining"].as_i64().unwrap();
            (remaining, grant["expires_at"] != json!(null))
        })
        .collect();
    let total: i64 = left.iter().map(|(remaining, _)| remaining).sum();
    assert_eq!(app.balance(customer).await, Credits::whole(total));
    left
}

/// What went with the ends of grants, in credits.
async fn ended(app: &TestApp, customer: &Customer) -> Vec<Credits> {
    let entries = entries(app, customer, EntryKind::Expire).await;
    entries.iter().map(|entry| -entry.amount()).collect()
}

#[tokio::test]
async fn goes_back_to_the_grants_that_it_was_taken_from() {
    let app = TestApp::new().await;
    let customer = customer(&app).await;
    spend(&app, &customer, 1).await;
    let job = app.submit(&customer, &companies(8)).await;
    assert_eq!(left(&app, &customer).await, [(16, false)]);
    let row = app.job(&customer, job).await;
    let parts: Vec<i64> = row.reserved_of.iter().map(|part| part.tenths).collect();
    assert_eq!(parts, [40, 40], "those that end come first");
    cancel(&app, &customer, job).await;
    assert_eq!(left(&app, &customer).await, [(4, true), (20, false)]);
    app.clock.advance(HOUR);
    assert_eq!(left(&app, &customer).await, [(20, false)]);
    assert_eq!(ended(&app, &customer).await, [Credits::whole(4)]);
}

#[tokio::test]
async fn pays_the_calls_that_were_made_meanwhile_if_it_ends_first() {
    let app = TestApp::new().await;
    let customer = customer(&app).await;
    let job = app.submit(&customer, &companies(8)).await;
    spend(&app, &customer, 3).await;
    assert_eq!(left(&app, &customer).await, [(14, false)]);
    cancel(&app, &customer, job).await;
    assert_eq!(left(&app, &customer).await, [(2, true), (20, false)]);
}

#[tokio::test]
async fn ends_with_a_grant_that_has_ended_meanwhile() {
    let app = TestApp::new().await;
    let customer = customer(&app).await;
    let job = app.submit(&customer, &companies(8)).await;
    // Room in the grant that does not end, for those who look for one.
    spend(&app, &customer, 10).await;
    app.clock.advance(HOUR);
    assert_eq!(left(&app, &customer).await, [(7, false)]);
    cancel(&app, &customer, job).await;
    assert_eq!(left(&app, &customer).await, [(10, false)]);
    assert_eq!(ended(&app, &customer).await, [Credits::whole(5)]);
    let back = entries(&app, &customer, EntryKind::Void).await;
    assert_eq!(back[0].amount(), Credits::whole(8));
}

#[tokio::test]
async fn is_held_until_the_second_in_which_the_grant_ends() {
    let app = TestApp::new().await;
    for (seconds, expected) in [
        (HOUR - 1, vec![(5, true), (20, false)]),
        (HOUR, vec![(20, false)]),
    ] {
        let customer = customer(&app).await;
        let job = app.submit(&customer, &companies(8)).await;
        app.clock.advance(seconds);
        cancel(&app, &customer, job).await;
        assert_eq!(left(&app, &customer).await, expected);
    }
}

#[tokio::test]
async fn is_charged_from_what_ends_first() {
    let app = TestApp::new().await;
    for ends_before in [false, true] {
        let customer = customer(&app).await;
        for row in 0..6 {
            let domain = format!("company{row}.com");
            app.publish(&domain, known(Kind::Hiring, 1, "1")).await;
        }
        let job = app.submit(&customer, &companies(8)).await;
        if ends_before {
            app.clock.advance(HOUR);
        }
        let row = app.deliver(&customer, job, Attempt::Score).await;
        assert_eq!(row.charged, Some(60));
        assert_eq!(left(&app, &customer).await, [(19, false)]);
        assert!(ended(&app, &customer).await.is_empty());
    }
}

#[tokio::test]
async fn that_comes_back_to_an_empty_grant_still_ends_with_it() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    give(&app, &customer, 5, Some(HOUR)).await;
    let job = app.submit(&customer, &companies(5)).await;
    assert_eq!(app.meter(&customer).await.grants_expire, None);
    cancel(&app, &customer, job).await;
    assert_eq!(left(&app, &customer).await, [(5, true)]);
    app.clock.advance(HOUR);
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let score = app.get("/api/v1/score?domain=stripe.com").key(&customer);
    score.send().await.expect(402);
    assert!(left(&app, &customer).await.is_empty());
}

#[tokio::test]
async fn is_not_filled_up_by_what_else_comes_back() {
    let app = TestApp::new().await;
    let customer = app.customer(0).await;
    give(&app, &customer, 5, Some(HOUR)).await;
    let job = app.submit(&customer, &companies(5)).await;
    let entry = accounts::Entry {
        reference: "1".to_owned(),
        kind: EntryKind::Refund,
        tenths: 20,
        at: app.clock.now(),
        note: String::new(),
    };
    let (account, product) = (customer.account, customer.product);
    let refund = app.accounts.correct(account, product, &entry, None);
    refund.await.unwrap();
    let now = app.clock.now();
    let held = app.accounts.holdings(account, product, now).await.unwrap();
    let returned = |grant: &&accounts::Grant| grant.source == GrantSource::Returned;
    assert_eq!(held.grants.iter().find(returned).unwrap().remaining, 20);
    cancel(&app, &customer, job).await;
    assert_eq!(app.balance(&customer).await, Credits::whole(7));
    let grants = app.accounts.grants(account, product).await.unwrap();
    let mut left: Vec<i64> = grants.iter().map(|grant| grant.remaining).collect();
    left.sort_unstable();
    assert_eq!(left, [20, 50]);
}

#[tokio::test]
async fn of_as_many_grants_as_there_may_be_fits_into_a_transaction() {
    let app = TestApp::new().await;
    let customer = app.customer(1).await;
    for number in 1..40 {
        give(&app, &customer, 1, Some(HOUR + number)).await;
    }
    let job = app.submit(&customer, &companies(40)).await;
    let row = app.job(&customer, job).await;
    assert_eq!(row.reserved_of.len(), 40);
    assert_eq!(app.balance(&customer).await, Credits::ZERO);
    let now = app.clock.now();
    let one_more = accounts::NewGrant::of(Credits::whole(1), "", now);
    let (account, product) = (customer.account, customer.product);
    let refused = app.accounts.grant(account, product, &one_more, now).await;
    assert!(matches!(refused, Err(store::StoreError::Malformed { .. })));
    app.clock.advance(2 * HOUR);
    cancel(&app, &customer, job).await;
    assert_eq!(left(&app, &customer).await, [(1, false)]);
    assert_eq!(ended(&app, &customer).await, [Credits::whole(1); 39]);
}

#[tokio::test]
async fn by_a_job_from_before_it_was_kept_comes_back_to_the_balance() {
    let app = TestApp::new().await;
    let customer = app.customer(20).await;
    let (account, product) = (customer.account, customer.product);
    let job = app.submit(&customer, &companies(8)).await;
    // As it was left: the credits were taken from the balance alone.
    let grants = app.accounts.grants(account, product).await.unwrap();
    let sort = format!("GRANT#intent#{}", grants[0].grant.suffix());
    app.tamper(&customer, &sort, "remaining", 200).await;
    app.tamper(&customer, &sort, "reserved", 0).await;
    app.forget_of_job(&customer, job, "reserved_of").await;
    cancel(&app, &customer, job).await;
    assert_eq!(left(&app, &customer).await, [(20, false)]);
    assert!(ended(&app, &customer).await.is_empty());
}

#[tokio::test]
async fn stays_exact_while_calls_submissions_cancellations_and_ends_meet() {
    let app = TestApp::new().await;
    app.publish("stripe.com", known(Kind::Hiring, 1, "1")).await;
    let customer = app.customer(20).await;
    let instances: Vec<TestApp> = (0..4).map(|_| app.restarted()).collect();
    let mut jobs: Vec<JobId> = Vec::new();
    for round in 0..6 {
        give(&app, &customer, 7, Some(HOUR + round)).await;
        let ending = std::mem::take(&mut jobs);
        let cancels = join_all(ending.iter().enumerate().map(async |(number, job)| {
            cancel(&instances[number % 4], &customer, *job).await;
        }));
        let submits = join_all(instances.iter().map(async |app| {
            let call = app.post("/api/v1/score/bulk").key(&customer);
            let answer = call.csv(&companies(6)).send().await;
            assert!(
                [202, 402, 429].contains(&answer.status.as_u16()),
                "{}",
                answer.json
            );
            let job = answer.json["job_id"].as_str();
            job.map(|job| job.parse::<JobId>().unwrap())
        }));
        let calls = join_all((0..12).map(async |number: usize| {
            let score = instances[number % 4].get("/api/v1/score?domain=stripe.com");
            let answer = score.key(&customer).send().await;
            assert!(
                [200, 402].contains(&answer.status.as_u16()),
                "{}",
                answer.json
            );
        }));
        let (submitted, ..) = futures::join!(submits, cancels, calls);
        jobs.extend(submitted.into_iter().flatten());
        // Who was cut off by another is cancelled now; who has ended stays as he is.
        for job in &ending {
            cancel(&app, &customer, *job).await;
        }
        app.balance(&customer).await;
        if round % 2 == 1 {
            app.clock.advance(HOUR / 2 + 2);
        }
    }
    for job in &jobs {
        cancel(&app, &customer, *job).await;
    }
    app.clock.advance(2 * HOUR);
    let left = left(&app, &customer).await;
    assert!(left.iter().all(|(_, ends)| !ends), "{left:?}");
    let grants = app
        .accounts
        .grants(customer.account, customer.product)
        .await
        .unwrap();
    assert!(grants.iter().all(|grant| grant.reserved == 0));
}
