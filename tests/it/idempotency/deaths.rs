//! A submission that dies at any of its writes is sent again: there is one job, and it is charged once.

use accounts::EntryKind;
use tests::{Answer, Customer, Death, TestApp};
use types::Credits;

use super::{KEY, Keyed, assert_replays};

const PATH: &str = "/api/v1/score/bulk";
const FILE: &str = "name,domain\nStripe,stripe.com\nNotion,notion.so\n";

async fn submit(app: &TestApp, customer: &Customer) -> Answer {
    app.post(PATH).keyed(customer, KEY).csv(FILE).send().await
}

async fn assert_one_job(app: &TestApp, customer: &Customer, answer: &Answer) {
    let job = answer.json["job_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(app.job(customer, job).await.work.rows_valid, 2);
    assert_eq!(app.meter(customer).await.jobs_active, 1);
    assert_eq!(app.balance(customer).await, Credits::whole(8));
    let ledger = app.accounts.ledger(customer.account, customer.product);
    let ledger = ledger.await.unwrap();
    let reserved = ledger
        .iter()
        .filter(|entry| entry.kind == EntryKind::Reserve);
    assert_eq!((ledger.len(), reserved.count()), (2, 1));
    let uploads = app.objects(&format!("jobs/{}/", customer.account)).await;
    assert_eq!(uploads.len(), 1);
}

#[tokio::test]
async fn at_any_write() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let mut at_once = Vec::new();
    for (jobs, death) in (1..).zip(Death::every()) {
        let customer = app.customer(10).await;
        let run = app.deaths.run(Some(death), submit(&mortal, &customer));
        if run.await.is_some() {
            break;
        }
        at_once.push(submit(&app, &customer).await.status.as_u16());
        app.clock.advance(30);
        let answer = submit(&app, &customer).await.expect(202);
        assert_one_job(&app, &customer, &answer).await;
        let again = submit(&app, &customer).await.expect(202);
        assert_eq!(again.bytes, answer.bytes);
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(app.stored_jobs().await, jobs);
    }
    // The claim, the admission, the upload, the transaction, the answer.
    let mut expected = vec![409; 10];
    (expected[0], expected[9]) = (202, 202);
    assert_eq!(at_once, expected);
}

#[tokio::test]
async fn and_the_run_that_takes_over_at_any_of_its_own() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let mut deaths = 0;
    for death in Death::every() {
        let customer = app.customer(10).await;
        let created = Some(Death::After(3));
        let first = app.deaths.run(created, submit(&mortal, &customer)).await;
        assert!(first.is_none());
        app.clock.advance(30);
        let second = app
            .deaths
            .run(Some(death), submit(&mortal, &customer))
            .await;
        app.clock.advance(30);
        let third = submit(&app, &customer).await.expect(202);
        assert_one_job(&app, &customer, &third).await;
        if let Some(second) = second {
            assert_replays(&second, &third);
            break;
        }
        deaths += 1;
    }
    // The claim that is refused, taking over, the admission, the answer.
    assert_eq!(deaths, 8);
}

#[tokio::test]
async fn a_refusal_that_dies_is_no_more_than_a_wait() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    for death in Death::every() {
        let customer = app.customer(1).await;
        let run = app
            .deaths
            .run(Some(death), submit(&mortal, &customer))
            .await;
        app.clock.advance(30);
        submit(&app, &customer).await.expect(402);
        assert_eq!(app.meter(&customer).await.jobs_active, 0);
        if run.is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn the_lease_ends_with_the_function() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let customer = app.customer(10).await;
    let ends = app.clock.now() + std::time::Duration::from_secs(5);
    let call = mortal.post(PATH).keyed(&customer, KEY).csv(FILE).ends(ends);
    let died = app.deaths.run(Some(Death::After(3)), call.send()).await;
    assert!(died.is_none());
    for (seconds, wait) in [(0, "3"), (4, "2"), (1, "1")] {
        app.clock.advance(seconds);
        let answer = submit(&app, &customer).await.expect(409);
        assert_eq!(answer.header("retry-after"), wait);
    }
    app.clock.advance(1);
    let answer = submit(&app, &customer).await.expect(202);
    assert_one_job(&app, &customer, &answer).await;
}
