//! Calls by key and by route, on the meter and in the series of closed days.

use std::collections::{BTreeMap, BTreeSet};

use accounts::Day;
use auth::Scope;
use tests::{Customer, TestApp, day};
use types::Credits;

const SCORE: &str = "/api/v1/score?domain=stripe.com";

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, calls)| ((*name).to_owned(), *calls))
        .collect()
}

async fn call(app: &TestApp, customer: &Customer, path: &str, status: u16) {
    app.get(path).key(customer).send().await.expect(status);
}

#[tokio::test]
async fn a_call_counts_for_its_key_and_its_route() {
    let app = TestApp::new().await;
    let first = app.customer(10).await;
    let second = app.with_scopes(&first, &[Scope::Read]).await;
    for (customer, path, status) in [
        (&first, SCORE, 200),
        (&first, SCORE, 200),
        (&second, SCORE, 200),
        (&second, "/api/v1/score/bulk", 200),
        (
            &second,
            "/api/v1/score/bulk/job_01k9xw3tkbc2v6m8p4h0r5zqde",
            404,
        ),
        // Refused for its form: counted in the minute only.
        (&second, "/api/v1/score", 400),
    ] {
        call(&app, customer, path, status).await;
    }
    let today = Day {
        keys: counts(&[(&first.key.tag(), 2), (&second.key.tag(), 3)]),
        routes: [(1, 3), (3, 1), (4, 1)].into(),
        spent: Credits::ZERO,
    };
    let meter = app.meter(&first).await;
    assert_eq!(meter.days[&day("20261115")], today);
    assert_eq!(app.calls_this_minute(&second).await, 4);

    // The next day's first call moves them to the series.
    app.clock.advance(86_400);
    call(&app, &first, SCORE, 200).await;
    assert_eq!(app.usage(&first, day("20261115")).await, today);
    assert_eq!(
        app.meter(&first).await.days.keys().collect::<Vec<_>>(),
        [&day("20261116")]
    );
}

#[tokio::test]
async fn closing_a_day_notes_the_last_use_of_keys() {
    let app = TestApp::new().await;
    let used = app.customer(10).await;
    let idle = app.with_scopes(&used, &[Scope::Read]).await;
    let row = |customer: &Customer| format!("APIKEY#intent#{}", customer.key);
    for _ in 0..3 {
        call(&app, &used, SCORE, 200).await;
        app.clock.advance(86_400);
    }
    let item = app.item(&used, &row(&used)).await.unwrap();
    assert_eq!(item["last_used_on"].as_s().unwrap(), "20261116");
    let item = app.item(&idle, &row(&idle)).await.unwrap();
    assert!(!item.contains_key("last_used_on"), "{item:?}");
    let keys = app.accounts.keys_of(used.account, used.product).await;
    assert_eq!(
        BTreeSet::from_iter(keys.unwrap()),
        [used.key, idle.key].into()
    );
}
