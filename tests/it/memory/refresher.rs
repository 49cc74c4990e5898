use serde_json::{Value, json};
use store::Owner;
use tests::{Limited, PERIOD, TestApp, crowd};
use types::{Clock, Domain, Product};

/// Signals that an account may have of one company.
const MOST: usize = 100_000;

/// An app whose clock says what the function's says, which is the real one.
async fn now() -> TestApp {
    let app = TestApp::new().await;
    let real = Clock::system().now().as_second();
    app.clock.advance(real - app.clock.now().as_second());
    app
}

/// Has all companies refreshed in half of the function's memory, and returns the report.
fn refresh(app: &TestApp, what: &str) -> Value {
    let refresher = Limited::to_half(app, "refresher");
    let report = refresher.ask(&json!({ "ahead_seconds": PERIOD + 600 }));
    refresher.print_peak(what);
    report
}

#[tokio::test]
async fn companies_with_as_many_signals_as_an_account_may_have() {
    let app = now().await;
    // Two companies of two partitions of the index, with as many public signals, and as many of an account's own.
    let customer = super::customer(&app, Product::Intent).await;
    let domains = ["a.com", "b.com"];
    for domain in domains {
        app.watch(&customer, domain).send().await.expect(201);
        app.crowd(domain, None, MOST).await;
        app.crowd(domain, Some(&customer), MOST).await;
    }
    let report = refresh(&app, "two companies of 200,000 signals each");
    assert_eq!(report["companies"], 2, "{report}");
    assert_eq!(report["entries"], 2, "{report}");
}

#[tokio::test]
async fn many_companies_of_large_signals_that_are_read_whole() {
    let app = now().await;
    let customer = super::customer(&app, Product::Intent).await;
    for company in 0..16 {
        let domain = format!("company{company}.com");
        app.watch(&customer, &domain).send().await.expect(201);
        let owner = Owner::Account(customer.account);
        let domain = Domain::parse(&domain).unwrap();
        let mut signals = crowd(500, app.clock.now());
        for signal in &mut signals {
            signal.evidence = "\u{20ac}".repeat(500);
            signal.url = Some(format!("https://example.com/{}", "x".repeat(2_000)));
        }
        let added = app
            .intel
            .add_signals(&domain, owner, &signals, app.clock.now());
        added.await.unwrap();
    }
    let report = refresh(&app, "16 companies of 500 signals of 4 kB");
    assert_eq!(report["companies"], 16, "{report}");
}
