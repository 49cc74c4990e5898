//! A meter stays below 1 KB, and expressions below DynamoDB's 4 KB, however much there is.

use std::collections::{BTreeSet, HashMap};

use accounts::{
    Actor, Admission, Admitted, AuditAction, NewAccount, NewGrant, NewMeter, NewProduct, SubjectRow,
};
use auth::{ChangedBy, Keyring, Scope};
use aws_sdk_dynamodb::types::AttributeValue;
use endpoints::MAX_CODE;
use quota::Plan;
use store::SubjectHash;
use tests::{Customer, TestApp, day, size_of};
use types::{AccountId, Credits, KeyId, Product, Timestamp};

/// An account of a user who is signed in, with credits of a product.
async fn user(app: &TestApp, product: Product, name: &str) -> Customer {
    let now = app.clock.now();
    let (account, key) = (AccountId::new(now), KeyId::new(now));
    let subject = SubjectRow {
        account,
        key,
        created_at: now,
        welcome_due: false,
    };
    let welcome = NewGrant {
        expires_at: Timestamp::from_second(now.as_second() + 90 * 86_400).ok(),
        ..NewGrant::of(Credits::whole(90_000), "", now)
    };
    let with_credits = NewProduct {
        product,
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
        products: &[with_credits],
        audit: by.entry(
            AuditAction::AccountCreate,
            account.to_string(),
            String::new(),
        ),
    };
    let hash = SubjectHash::of("https://issuer.example", name);
    let opened = app.accounts.open_account(&hash, subject, None, &new);
    opened.await.unwrap();
    Customer {
        account,
        product,
        key,
        raw: String::new(),
    }
}

/// The bytes of a meter with five busy keys, a busy session, calls of these routes, two days that nobody closed, and the
/// windows of two minutes.
async fn busy(app: &TestApp, product: Product, codes: &BTreeSet<u8>) -> usize {
    let session = user(app, product, &format!("{product} {}", codes.len())).await;
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
                product,
                key: *key,
                now: Timestamp::from_second(at).unwrap(),
                price: Credits::whole(100),
                route: Some(*code),
                shard: None,
                stale: &[],
                seen: None,
            };
            let admitted = app.accounts.admit(&call).await.unwrap();
            assert!(matches!(admitted, Admitted::Yes(_)), "{admitted:?}");
        }
    }
    let mut item = app
        .item(&session, &format!("METER#{product}"))
        .await
        .unwrap();
    let meter = app.meter(&session).await;
    assert_eq!(meter.days.len(), 2);
    for day in meter.days.values() {
        assert_eq!((day.keys.len(), day.routes.len()), (6, codes.len()));
    }
    // The windows of the day before are there too; the first call of the second day would have seen and swept them.
    let yesterday = types::minute_of(Timestamp::from_second(start - 86_400).unwrap());
    for window in meter
        .windows
        .iter()
        .filter(|window| window.minute == yesterday)
    {
        item.remove(&window.attribute);
    }
    for (name, calls) in &mut item {
        // A number takes a byte for two digits, so these are the counts of a busy account.
        let many = match (name.as_bytes(), name.len()) {
            ([b'w', ..], 12) => "9999",
            ([b'd', ..], 10) => "999999",
            ([b'r', ..], 5) => "999999000999999000999999",
            ([b'm', b'2', ..], 7) => "9999999",
            _ => continue,
        };
        *calls = AttributeValue::N(many.to_owned());
    }
    size_of(&item)
}

#[tokio::test]
async fn a_busy_meter_stays_below_a_kilobyte() {
    let app = TestApp::new().await;
    for product in Product::ALL {
        let endpoints = endpoints::all().filter(|endpoint| endpoint.product == Some(product));
        let codes: BTreeSet<u8> = endpoints.filter_map(|endpoint| endpoint.code).collect();
        let bytes = busy(&app, product, &codes).await;
        println!(
            "a busy meter of {product}: {bytes} bytes with its {} codes",
            codes.len()
        );
        assert!(bytes <= 1024, "{product}: {bytes}");
    }
    let bytes = busy(&app, Product::Liquidity, &(1..=MAX_CODE).collect()).await;
    println!("with {MAX_CODE} routes: {bytes} bytes");
    assert!(bytes <= 1024, "{bytes}");
}

fn counts(names: impl Iterator<Item = String>) -> HashMap<String, AttributeValue> {
    names
        .map(|name| (name, AttributeValue::N("2".to_owned())))
        .collect()
}

/// Names of the counters of so many keys on a day.
fn keys_of(number: usize, day: &str) -> impl Iterator<Item = String> {
    let code = tests::day(day).code();
    (0..number).map(move |index| format!("d{index:06}{code}"))
}

#[tokio::test]
async fn a_day_of_very_many_keys_is_closed() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let call = || {
        app.get("/api/v1/score?domain=stripe.com")
            .key(&customer)
            .send()
    };
    call().await.expect(200);
    app.put(&customer, "METER#intent", counts(keys_of(400, "20261115")))
        .await;
    app.clock.advance(86_400);
    call().await.expect(200);
    let closed = app.usage(&customer, day("20261115")).await;
    assert_eq!((closed.keys.len(), closed.calls()), (401, 801));
    let meter = app.meter(&customer).await;
    assert_eq!(meter.days.keys().collect::<Vec<_>>(), [&day("20261116")]);
}

#[tokio::test]
async fn shards_with_very_many_counters_are_folded() {
    let app = TestApp::new().await;
    let customer = app.customer_with_limits(None, None, 10).await;
    for shard in 0..16 {
        let counters = keys_of(200, "20261115").chain(keys_of(150, "20261114"));
        let sort = format!("SHARD#{}", customer.product);
        app.put_at(
            format!("ACCT#{}#{shard:02}", customer.account),
            &sort,
            counts(counters),
        )
        .await;
    }
    let by = ChangedBy {
        actor: Actor::Operator,
        now: app.clock.now(),
        request: None,
    };
    let audit = by.entry(
        AuditAction::PlanSet,
        customer.account.to_string(),
        String::new(),
    );
    let plan = Plan::named(customer.product, "growth").unwrap();
    let limited = NewMeter {
        plan: plan.name,
        minute_limit: Some(60),
        month_limit: Some(1_000),
    };
    let set = app
        .accounts
        .set_plan(customer.account, customer.product, &limited, &audit);
    set.await.unwrap();
    let meter = app.meter(&customer).await;
    assert!(!meter.is_part(), "{meter:?}");
    assert_eq!(meter.days[&day("20261115")].calls(), 200 * 32);
    assert_eq!(meter.days[&day("20261114")].calls(), 150 * 32);
}

#[tokio::test]
async fn a_key_is_rotated_after_very_many_rotations() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let ended = AttributeValue::N("1000".to_owned());
    let grace = (0..320).map(|_| (KeyId::new(app.clock.now()).suffix(), ended.clone()));
    let mut attributes = counts((0..30).map(|hour| format!("ka0{hour:02}")));
    let grace = AttributeValue::M(grace.collect());
    attributes.insert("grace".to_owned(), grace);
    app.put(&customer, "METER#intent", attributes).await;
    // As the account's user does, whose keys are counted by the hour.
    let keyring = Keyring::new(app.accounts.clone(), Plan::rotation_days);
    let by = ChangedBy {
        actor: Actor::Session(customer.key),
        now: app.clock.now(),
        request: None,
    };
    let id = KeyId::new(by.now);
    let rotated = keyring.rotate(&by, customer.account, customer.key, id);
    let (_, raw, _) = rotated.await.unwrap();
    let customer = Customer {
        raw: raw.reveal().into_owned(),
        ..customer
    };
    app.get("/api/v1/score?domain=stripe.com")
        .key(&customer)
        .send()
        .await
        .expect(200);
    let item = app.item(&customer, "METER#intent").await.unwrap();
    assert_eq!(item["grace"].as_m().unwrap().len(), 320 - 50 + 1);
    let hours = item.keys().filter(|name| name.starts_with('k'));
    assert_eq!(hours.count(), 30 - 10 + 1);
}
