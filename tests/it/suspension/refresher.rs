use tests::PERIOD;

use super::*;

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
    let before = app.watchlist(&suspended).await;
    suspend(&app, suspended.account).await;
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.entries, report.failed), (1, 1, 0));
    // The other company waits for its next time, and is not forgotten.
    assert_eq!(report.forgotten, 0);
    assert_eq!(app.refresh().await, watchlist::Report::default());

    resume(&app, suspended.account).await;
    assert_eq!(app.watchlist(&suspended).await, before);
    app.clock.advance(PERIOD);
    let report = app.refresh().await;
    assert_eq!((report.companies, report.entries), (2, 3));
    assert_ne!(app.watchlist(&suspended).await, before);
}
