use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::*;

/// Free calls, one after the other, until `stop` says so.
async fn traffic(
    app: &TestApp,
    customer: &Customer,
    started: &AtomicU64,
    done: &AtomicU64,
    stop: &AtomicU64,
) {
    while stop.load(SeqCst) == 0 {
        started.fetch_add(1, SeqCst);
        app.get(FREE).key(customer).send().await.expect(200);
        done.fetch_add(1, SeqCst);
    }
}

#[tokio::test]
async fn no_call_is_lost_or_counted_twice_while_limits_come_and_go() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    let (started, done, stop) = (AtomicU64::new(1), AtomicU64::new(1), AtomicU64::new(0));
    let instances: Vec<TestApp> = (0..8).map(|_| app.restarted()).collect();
    let traffic = join_all(
        instances
            .iter()
            .map(|app| traffic(app, &customer, &started, &done, &stop)),
    );
    let change = async {
        for plan in [LIMITED, UNLIMITED].iter().cycle().take(12) {
            set_plan(&app.accounts, &customer, plan, app.clock.now())
                .await
                .unwrap();
        }
        stop.store(1, SeqCst);
    };
    // Whoever reads the sum meanwhile sees each call that was answered, and none that was not asked for.
    let readers = join_all((0..4).map(async |_| {
        while stop.load(SeqCst) == 0 {
            let least = done.load(SeqCst);
            let sum = calls_of_month(&app, &customer).await;
            let most = started.load(SeqCst);
            assert!((least..=most).contains(&sum), "{least} {sum} {most}");
        }
    }));
    futures::join!(traffic, change, readers);
    let meter = app.meter(&customer).await;
    let all = done.load(SeqCst);
    assert_eq!(meter.calls_of_month(MONTH), all);
    let today = &meter.days[&day("20261115")];
    assert_eq!(today.routes[&JOBS], all);
    assert_eq!(today.keys[&customer.key.tag()], all);
    assert_in_step(&app, &customer).await;
}

#[tokio::test]
async fn a_limit_counts_what_was_called_before_it() {
    let app = TestApp::new().await;
    let customer = unlimited(&app, 0).await;
    all_are(&calls(&app, &customer, FREE, 39).await, 200);
    let tight = NewMeter {
        plan: "tight",
        minute_limit: Some(60),
        month_limit: Some(50),
    };
    set_plan(&app.accounts, &customer, &tight, app.clock.now())
        .await
        .unwrap();
    assert!(shards(&app, &customer).await.is_empty());
    let answers = calls(&app, &customer, FREE, 30).await;
    let let_in = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(let_in.count(), 10);
    let monthly = |answer: &&Answer| answer.status == 429 && answer.error().1 == "monthly";
    assert_eq!(answers.iter().filter(monthly).count(), 10);
    // The minute has what was called in it, and of the refused calls as many as its limit allows.
    let meter = app.meter(&customer).await;
    let minute = types::minute_of(app.clock.now());
    assert_eq!(meter.calls_in(customer.key, minute), 60);
}

#[tokio::test]
async fn an_opened_product_has_shards_and_the_session() {
    let app = TestApp::new().await;
    let limited = app.customer_with_limits(Some(60), None, 0).await;
    assert!(shards(&app, &limited).await.is_empty());
    for _ in 0..2 {
        set_plan(&app.accounts, &limited, &UNLIMITED, app.clock.now())
            .await
            .unwrap();
        assert_in_step(&app, &limited).await;
    }
    let institutional = app
        .customer_on(Product::Liquidity, "institutional", 0)
        .await;
    assert_eq!(shards(&app, &institutional).await.len(), 16);
    let missing = Customer {
        product: Product::Leads,
        ..limited
    };
    let none = set_plan(&app.accounts, &missing, &UNLIMITED, app.clock.now()).await;
    assert!(matches!(none, Err(StoreError::Conflict)));
}
