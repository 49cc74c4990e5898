//! Credits that a job set aside of grants that end, while processes die and responses are lost.

use accounts::{EntryKind, GrantSource};
use futures::future::join_all;
use tests::{Customer, Death, Fault, Faults, Plan, Reach, TestApp};
use types::{Credits, JobId};

use super::{entries, give};
use crate::score_bulk::companies;

const HOUR: i64 = 3_600;

async fn customer(app: &TestApp) -> Customer {
    let customer = app.customer(20).await;
    give(app, &customer, 5, Some(HOUR)).await;
    customer
}

fn cancel(app: &TestApp, customer: &Customer, job: JobId) -> tests::Call {
    app.post(&format!("/api/v1/score/bulk/{job}/cancel"))
        .key(customer)
}

/// A job of 8 credits ended without using any, after the grant of 5 of them: 20 are left, 5 have gone, once.
async fn assert_ended(app: &TestApp, customer: &Customer) {
    assert_eq!(app.balance(customer).await, Credits::whole(20));
    let (account, product) = (customer.account, customer.product);
    let held = app.accounts.holdings(account, product, app.clock.now());
    let held = held.await.unwrap();
    assert_eq!(held.balance, Credits::whole(20));
    for grant in held.grants {
        assert_ne!(grant.source, GrantSource::Returned);
        assert_eq!(grant.remaining > 0, grant.expires_at.is_none());
        assert_eq!(grant.reserved, 0);
    }
    let ended = entries(app, customer, EntryKind::Expire).await;
    let ended: Vec<i64> = ended.iter().map(|entry| entry.tenths).collect();
    assert_eq!(ended, [-50]);
    assert_eq!(app.meter(customer).await.jobs_active, 0);
}

#[tokio::test]
async fn a_cancellation_that_dies_at_any_write() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let mut deaths = 0;
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let customer = customer(&app).await;
        let job = app.submit(&customer, &companies(8)).await;
        app.clock.advance(HOUR);
        let call = cancel(&mortal, &customer, job).send();
        let died = app.deaths.run(Some(death), call).await.is_none();
        app.clock.advance(61);
        cancel(&app, &customer, job).send().await.expect(200);
        assert_ended(&app, &customer).await;
        if !died {
            break;
        }
        deaths += 1;
    }
    // Admission, the request to end, the lease, the result and the errors, the end.
    assert_eq!(deaths, 12);
}

#[tokio::test]
async fn a_cancellation_whose_responses_are_lost() {
    let app = TestApp::new().await;
    let faults = Faults::default();
    let failing = app.with_faults(&faults);
    for fault in Fault::ALL {
        for reach in Reach::ALL {
            for at in 0.. {
                let customer = customer(&app).await;
                let job = app.submit(&customer, &companies(8)).await;
                app.clock.advance(HOUR);
                let plan = Plan { at, fault, reach };
                let call = cancel(&failing, &customer, job).send();
                let (_, happened) = faults.run(Some(plan), call).await;
                app.clock.advance(61);
                cancel(&app, &customer, job).send().await.expect(200);
                assert_ended(&app, &customer).await;
                if !happened.met {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_submission_that_dies_at_any_write() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    let mut ends = Vec::new();
    for death in (0..).flat_map(|write| [Death::Before(write), Death::After(write)]) {
        let customer = customer(&app).await;
        let submit = mortal.post("/api/v1/score/bulk").key(&customer);
        let submit = submit.csv(&companies(8)).send();
        let died = app.deaths.run(Some(death), submit).await.is_none();
        let balance = app.balance(&customer).await;
        ends.push(balance);
        let meter = app.meter(&customer).await;
        assert_eq!(meter.jobs_active == 1, balance == Credits::whole(17));
        if !died {
            break;
        }
    }
    // Admission, upload, the job.
    let mut expected = vec![Credits::whole(25); 5];
    expected.extend([Credits::whole(17); 2]);
    assert_eq!(ends, expected);
}

#[tokio::test]
async fn many_cancellations_of_a_job_at_once() {
    let app = TestApp::new().await;
    let instances: Vec<TestApp> = (0..5).map(|_| app.restarted()).collect();
    for _ in 0..3 {
        let customer = customer(&app).await;
        let job = app.submit(&customer, &companies(8)).await;
        app.clock.advance(HOUR);
        let cancels = instances.iter().chain(&instances);
        join_all(cancels.map(|app| cancel(app, &customer, job).send())).await;
        app.clock.advance(61);
        cancel(&app, &customer, job).send().await.expect(200);
        assert_ended(&app, &customer).await;
    }
}
