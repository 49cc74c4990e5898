//! Calls by key and by route, on the meter and in the series of closed days.

use std::collections::{BTreeMap, BTreeSet};

use api::Route;
use auth::Scope;
use store::{Admission, Admitted, Day};
use tests::{Customer, TestApp, size_of};
use types::{Credits, Timestamp};

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
        routes: counts(&[("score", 3), ("jobs", 1), ("job", 1)]),
        spent: Credits::ZERO,
    };
    let meter = app.meter(&first).await;
    assert_eq!(meter.days["20261115"], today);
    assert_eq!(app.calls_this_minute(&second).await, 4);

    // The next day's first call moves them to the series.
    app.clock.advance(86_400);
    call(&app, &first, SCORE, 200).await;
    assert_eq!(app.usage(&first, "20261115").await, today);
    assert_eq!(
        app.meter(&first).await.days.keys().collect::<Vec<_>>(),
        ["20261116"]
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

#[tokio::test]
async fn a_meter_of_five_busy_keys_stays_below_a_kilobyte() {
    let app = TestApp::new().await;
    let first = app
        .customer_with_limits(Some(10_000), Some(1_000_000), 90_000)
        .await;
    let mut keys = vec![first.key];
    for _ in 1..5 {
        keys.push(app.with_scopes(&first, &[Scope::Read]).await.key);
    }
    // Two days that nobody closed, and the windows of three minutes: those of two are kept, and those of the third are
    // there until the next write.
    let start = app.clock.now().as_second();
    for (at, keys) in [
        (start - 86_400, &keys[..]),
        (start - 120, &keys),
        (start - 60, &keys),
        (start, &keys[..1]),
    ] {
        for key in keys {
            for route in Route::ALL {
                let call = Admission {
                    account: first.account,
                    product: first.product,
                    key: *key,
                    now: Timestamp::from_second(at).unwrap(),
                    price: Credits::whole(100),
                    route: Some(route.code),
                    stale: &[],
                };
                let admitted = app.accounts.admit(&call).await.unwrap();
                assert!(matches!(admitted, Admitted::Yes(_)), "{admitted:?}");
            }
        }
    }
    let item = app.item(&first, "METER#intent").await.unwrap();
    let meter = app.meter(&first).await;
    assert_eq!(meter.days.len(), 2);
    let codes: BTreeSet<&str> = Route::ALL.iter().map(|route| route.code).collect();
    let codes = codes.len();
    assert!(
        meter
            .days
            .values()
            .all(|day| day.keys.len() == 5 && day.routes.len() == codes)
    );
    // The windows of the day before are there too; the first call of the second day would have seen and swept them.
    let swept: usize = item.keys().filter(|name| name.starts_with('w')).count() - 11;
    assert_eq!(swept, 5);
    let bytes = size_of(&item) - swept * ("w01234567_29000000".len() + 2);
    assert!(bytes < 1024, "{bytes}");
    println!("a meter of five busy keys: {bytes} bytes");
}
