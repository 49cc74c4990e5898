//! Calls by key and by route, on the meter and in the series of closed days.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{
    Actor, Admission, Admitted, AuditAction, Day, NewAccount, NewGrant, NewMeter, NewProduct,
    SubjectRow,
};
use auth::{ChangedBy, Scope};
use aws_sdk_dynamodb::types::AttributeValue;
use store::SubjectHash;
use tests::{Customer, TestApp, size_of};
use types::{AccountId, Credits, KeyId, Product, Timestamp};

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

/// An account of a user who is signed in, with credits of intent.
async fn user(app: &TestApp, name: &str) -> Customer {
    let now = app.clock.now();
    let (account, key) = (AccountId::new(now), KeyId::new(now));
    let subject = SubjectRow {
        account,
        key,
        created_at: now,
    };
    let welcome = NewGrant {
        expires_at: Timestamp::from_second(now.as_second() + 90 * 86_400).ok(),
        ..NewGrant::of(Credits::whole(90_000), "", now)
    };
    let product = NewProduct {
        product: Product::Intent,
        meter: NewMeter {
            plan: "enterprise",
            minute_limit: Some(10_000),
            month_limit: Some(1_000_000),
        },
        welcome: Some(welcome),
    };
    let by = ChangedBy {
        actor: Actor::Operator,
        now,
        request: None,
    };
    let new = NewAccount {
        name: "busy",
        products: &[product],
        audit: by.entry(
            AuditAction::AccountCreate,
            account.to_string(),
            String::new(),
        ),
    };
    let hash = SubjectHash::of("https://issuer.example", name);
    let opened = app.accounts.open_account(&hash, subject, &new);
    opened.await.unwrap();
    Customer {
        account,
        product: Product::Intent,
        key,
        raw: String::new(),
    }
}

/// The bytes of a meter with five busy keys, a busy session, calls of these routes, two days that nobody closed, and the
/// windows of two minutes.
async fn busy(app: &TestApp, codes: &BTreeSet<&'static str>) -> usize {
    let session = user(app, &codes.len().to_string()).await;
    let mut keys = vec![session.key];
    for _ in 0..5 {
        keys.push(app.with_scopes(&session, &[Scope::Read]).await.key);
    }
    let start = app.clock.now().as_second();
    for at in [start - 86_400, start - 60, start] {
        for (key, code) in keys
            .iter()
            .flat_map(|key| codes.iter().map(move |code| (key, code)))
        {
            let call = Admission {
                account: session.account,
                product: session.product,
                key: *key,
                now: Timestamp::from_second(at).unwrap(),
                price: Credits::whole(100),
                route: Some(code),
                shard: None,
                stale: &[],
            };
            let admitted = app.accounts.admit(&call).await.unwrap();
            assert!(matches!(admitted, Admitted::Yes(_)), "{admitted:?}");
        }
    }
    let mut item = app.item(&session, "METER#intent").await.unwrap();
    let meter = app.meter(&session).await;
    assert_eq!(meter.days.len(), 2);
    for day in meter.days.values() {
        assert_eq!((day.keys.len(), day.routes.len()), (6, codes.len()));
    }
    // The windows of the day before are there too; the first call of the second day would have seen and swept them.
    let swept = types::minute_of(Timestamp::from_second(start - 86_400).unwrap());
    item.retain(|name, _| !name.ends_with(&format!("_{swept}")));
    let windows = item.keys().filter(|name| name.starts_with('w')).count();
    assert_eq!(windows, 12);
    for (name, calls) in &mut item {
        // A number takes a byte for two digits, so these are the counts of a busy account.
        let many = match name.as_bytes() {
            [b'w', .., b'_', _, _, _, _, _, _, _, _] => "9999",
            [b'd' | b'r', .., b'_', _, _, _, _, _, _, _, _] => "999999",
            [b'm', b'2', ..] => "9999999",
            _ => continue,
        };
        *calls = AttributeValue::N(many.to_owned());
    }
    size_of(&item)
}

#[tokio::test]
async fn a_meter_of_five_busy_keys_a_session_and_three_routes_stays_below_a_kilobyte() {
    let app = TestApp::new().await;
    let intent = endpoints::intent::ALL.iter();
    let codes: BTreeSet<&str> = intent.filter_map(|endpoint| endpoint.code).collect();
    let first = ["score", "bulk", "jobs"].into();
    let three = busy(&app, &first).await;
    let all = busy(&app, &codes).await;
    println!("a busy meter: {three} bytes with 3 routes, {all} with all");
    assert!(three < 1024, "{three}");
}
