//! Refreshers that are at it at once, and entries that change under their hands.

use futures::future::{join, join_all};
use http::Method;
use store::StoreError;
use tests::{Customer, PERIOD, TestApp};
use types::Domain;

use super::{PATH, excite};

async fn watchers(app: &TestApp, count: usize, domains: &[String]) -> Vec<Customer> {
    let mut customers = Vec::new();
    for _ in 0..count {
        let customer = app.customer(100).await;
        for domain in domains {
            app.watch(&customer, domain).send().await.expect(201);
        }
        customers.push(customer);
    }
    customers
}

#[tokio::test]
async fn refreshers_at_once_tell_no_event_twice() {
    let app = TestApp::new().await;
    let domains: Vec<String> = (0..6)
        .map(|number| format!("company{number}.com"))
        .collect();
    let customers = watchers(&app, 8, &domains).await;
    for domain in &domains {
        excite(&app, domain).await;
    }
    app.clock.advance(PERIOD);
    let runs = (0..4).map(|_| async { app.refresh().await });
    let reports = join_all(runs).await;
    let sum = |of: fn(&watchlist::Report) -> usize| reports.iter().map(of).sum::<usize>();
    assert_eq!(sum(|report| report.companies), 6);
    assert_eq!(sum(|report| report.entries), 48);
    assert_eq!(sum(|report| report.events), 96);
    for customer in &customers {
        assert_eq!(app.events(customer).await.len(), 12);
    }
}

#[tokio::test]
async fn an_entry_that_is_deleted_meanwhile_stays_deleted() {
    let app = TestApp::new().await;
    let domains: Vec<String> = (0..10)
        .map(|number| format!("company{number}.com"))
        .collect();
    let customers = watchers(&app, 3, &domains).await;
    for domain in &domains {
        excite(&app, domain).await;
    }
    app.clock.advance(PERIOD);
    let [gone, rest @ ..] = &customers[..] else {
        panic!("three customers")
    };
    let removals = domains.iter().map(|domain| {
        let call = app.call(Method::DELETE, &format!("{PATH}/{domain}"));
        call.key(gone).send()
    });
    let (_, removed) = join(app.refresh(), join_all(removals)).await;
    for answer in removed {
        answer.expect(204);
    }
    assert!(app.watchlist(gone).await.is_empty());
    assert_eq!(
        app.intent_workspace
            .watch_count(gone.account)
            .await
            .unwrap(),
        0
    );
    app.refresh().await;
    for customer in rest {
        let list = app.watchlist(customer).await;
        assert_eq!(list.len(), 10);
        assert!(list.iter().all(|entry| entry["band"] == "HOT"));
    }
}

#[tokio::test]
async fn what_was_read_before_a_deletion_or_another_refresh_is_not_written_after_it() {
    let app = TestApp::new().await;
    let domain = Domain::parse("stripe.com").unwrap();
    let customer = watchers(&app, 1, &[domain.to_string()]).await.remove(0);
    let entries = || {
        app.intent_workspace
            .watch_entries(&domain, std::slice::from_ref(&customer.account))
    };
    let seen = entries().await.unwrap().remove(0);
    excite(&app, "stripe.com").await;
    app.clock.advance(PERIOD);
    app.refresh().await;
    let after = entries().await.unwrap().remove(0);
    let late = app.intent_workspace.refresh_watch(&seen, &after, &[]).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    assert!(
        app.intent_workspace
            .remove_watch(customer.account, &domain)
            .await
            .unwrap()
    );
    let late = app
        .intent_workspace
        .refresh_watch(&after, &after, &[])
        .await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    assert!(entries().await.unwrap().is_empty());
    // Added again, it is another entry, which an old reading does not reach either.
    app.clock.advance(1);
    app.watch(&customer, "stripe.com").send().await.expect(201);
    let late = app.intent_workspace.refresh_watch(&seen, &after, &[]).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
}
