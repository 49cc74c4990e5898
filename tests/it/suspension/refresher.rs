use tests::PERIOD;

use super::*;

/// The moments of a customer's entries.
async fn scored_at(app: &TestApp, customer: &Customer) -> Vec<serde_json::Value> {
    let entries = app.watchlist(customer).await.into_iter();
    entries.map(|entry| entry["scored_at"].clone()).collect()
}

#[tokio::test]
async fn works_for_no_suspended_account() {
    let app = TestApp::new().await;
    let (kept, suspended) = (open(&app, "10").await, open(&app, "10").await);
    for (customer, domain) in [
        (&kept, "both.com"),
        (&suspended, "both.com"),
        (&suspended, "alone.com"),
    ] {
        app.watch(customer, domain).send().await.expect(201);
    }
    let before = scored_at(&app, &suspended).await;
    suspend(&app, suspended.account).await;
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.entries, report.failed), (1, 1, 0));
    // The other company waits for its next time, and is not forgotten.
    assert_eq!(report.forgotten, 0);
    assert_eq!(app.refresh().await, watchlist::Report::default());

    resume(&app, suspended.account).await;
    assert_eq!(scored_at(&app, &suspended).await, before);
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.entries), (2, 3));
    assert_ne!(scored_at(&app, &suspended).await, before);
}
