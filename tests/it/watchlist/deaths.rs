//! An addition, a removal and a run of the refresher that die at any of their writes.

use std::collections::BTreeSet;

use http::Method;
use tests::{Answer, Customer, Death, PERIOD, TestApp};
use types::Credits;
use watchlist::Order;

use super::{PATH, excite};

async fn add(app: &TestApp, customer: &Customer) -> Answer {
    let call = app.watch(customer, "stripe.com");
    call.header("idempotency-key", "once").send().await
}

#[tokio::test]
async fn an_addition_that_is_sent_again_adds_once() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    excite(&app, "stripe.com").await;
    // Keeps the score, so that every run has the same writes.
    let first = app.customer(100).await;
    app.watch(&first, "stripe.com").send().await.expect(201);
    let mut deaths = 0;
    for death in Death::every() {
        let customer = app.customer(100).await;
        let run = app.deaths.run(Some(death), add(&mortal, &customer)).await;
        app.clock.advance(30);
        add(&app, &customer).await.expect(201);
        assert_eq!(app.watchlist(&customer).await.len(), 1);
        assert_eq!(
            app.intent_workspace
                .watch_count(customer.account)
                .await
                .unwrap(),
            1
        );
        let watchers = app.watchers("stripe.com").await.unwrap();
        assert_eq!(
            *watchers["watchers"].as_n().unwrap(),
            (deaths + 2).to_string()
        );
        // A run that dies between admission and addition loses its credit (known gap).
        let lost = [Death::After(1), Death::Before(2)].contains(&death);
        let charged = if lost { 2 } else { 1 };
        let left = Credits::whole(100 - charged);
        assert_eq!(app.balance(&customer).await, left, "{death:?}");
        if run.is_some() {
            break;
        }
        deaths += 1;
    }
    // The claim, the admission, the transaction, the answer.
    assert_eq!(deaths, 8);
}

#[tokio::test]
async fn a_removal_takes_all_or_nothing() {
    let app = TestApp::new().await;
    let mortal = app.on_mortal();
    for death in Death::every() {
        let customer = app.customer(100).await;
        app.watch(&customer, "stripe.com").send().await.expect(201);
        let remove = |app: &TestApp| {
            let call = app.call(Method::DELETE, &format!("{PATH}/stripe.com"));
            call.key(&customer).send()
        };
        let run = app.deaths.run(Some(death), remove(&mortal)).await;
        let again = remove(&app).await.status.as_u16();
        assert!([204, 404].contains(&again));
        assert!(app.watchlist(&customer).await.is_empty());
        assert_eq!(
            app.intent_workspace
                .watch_count(customer.account)
                .await
                .unwrap(),
            0
        );
        let watchers = app.watchers("stripe.com").await.unwrap();
        assert_eq!(watchers["watchers"].as_n().unwrap(), "0");
        if run.is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn a_run_that_dies_anywhere_is_finished_by_the_next() {
    let app = TestApp::new().await;
    let mut deaths = 0;
    for (round, death) in (0..).zip(Death::every()) {
        let domain = format!("company{round}.com");
        let mut customers = Vec::new();
        for _ in 0..6 {
            let customer = app.customer(100).await;
            app.watch(&customer, &domain).send().await.expect(201);
            customers.push(customer);
        }
        excite(&app, &domain).await;
        app.clock.advance(PERIOD);
        let refresher = app.mortal_refresher();
        let run = app
            .deaths
            .run(Some(death), refresher.run(Order::default(), app.deadline()));
        let died = run.await.is_none();
        // It was put off, unless the run died before that.
        app.clock.advance(RETRY);
        let next = app.refresh().await;
        assert_eq!(next.companies, usize::from(died && death != LAST));
        let mut seen = BTreeSet::new();
        for customer in &customers {
            let entry = super::entry(&app, customer, &domain).await;
            assert_eq!(entry["previous_score"], 0, "{death:?}: {entry}");
            assert_eq!(entry["change"], entry["score"]);
            assert_eq!(entry["band"], "HOT");
            seen.insert(entry["scored_at"].as_str().unwrap().to_owned());
            assert_eq!(app.events(customer).await.len(), 2, "{death:?}");
        }
        // All see the score that was kept by the run that died, unless it died before it kept one.
        assert_eq!(seen.len(), 1, "{death:?}");
        assert_eq!(app.refresh().await, watchlist::Report::default());
        for customer in &customers {
            let call = app.call(Method::DELETE, &format!("{PATH}/{domain}"));
            call.key(customer).send().await.expect(204);
        }
        app.clock.advance(PERIOD);
        assert_eq!(app.refresh().await.forgotten, 1);
        if !died {
            break;
        }
        deaths += 1;
    }
    // The company put off, the kept score and its point, six entries with their events, the next time.
    assert_eq!(deaths, 20);
}

/// After the last write of a run all is done.
const LAST: Death = Death::After(9);

/// Seconds after which a company whose refresh ended the process is tried again.
const RETRY: i64 = 900;

#[tokio::test]
async fn a_company_that_ends_every_run_keeps_no_other_waiting_and_is_not_lost() {
    let app = TestApp::new().await;
    let customer = app.customer(100).await;
    // It is due a second before the others.
    app.watch(&customer, "heavy.com").send().await.expect(201);
    excite(&app, "heavy.com").await;
    app.clock.advance(1);
    for domain in ["a.com", "b.com", "c.com", "d.com"] {
        app.watch(&customer, domain).send().await.expect(201);
    }
    app.clock.advance(PERIOD - 1);
    for others in [4, 0] {
        let refresher = app.mortal_refresher();
        let run = refresher.run(Order::default(), app.deadline());
        // After it was put off, and before anything else is written.
        assert!(app.deaths.run(Some(Death::Before(1)), run).await.is_none());
        app.clock.advance(1);
        let next = app.refresh().await;
        assert_eq!((next.companies, next.failed), (others, 0));
        app.clock.advance(RETRY - 1);
    }
    let late = app.refresh().await;
    assert_eq!((late.companies, late.entries), (1, 1), "{late:?}");
}
