//! A counting write whose response is lost, with other calls in between, and requests that arrive late: each call is counted and
//! charged at most once, and exactly once if it is admitted.

use std::iter::repeat_n;

use accounts::{Accounts, Admission, Admitted, Meter};
use auth::Principal;
use futures::{FutureExt, StreamExt, stream};
use quota::{Charge, Denied, Quota};
use store::{Dynamo, StoreError};
use tests::{Customer, Deliveries, Delivery, TestApp};
use types::{Credits, UtcDay};

const PRICE: Credits = Credits::whole(1);
const CREDITS: i64 = 50;

/// What the instance knows of the meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instance {
    /// It has just called.
    Warm,
    /// Nothing, and nobody has called before.
    ColdAndQuiet,
    /// Nothing, and others have just called.
    ColdAndBusy,
}

/// When a request arrives that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrival {
    Never,
    /// Before the second request, after so many of the other calls.
    Before(usize),
    AfterTheSecond,
    /// After five more calls of others.
    Later,
}

#[derive(Clone, Copy, Debug)]
struct Case {
    instance: Instance,
    first: Delivery,
    /// Calls of others between the first request and the second.
    others: usize,
    arrival: Arrival,
    second: Delivery,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for instance in [
        Instance::Warm,
        Instance::ColdAndQuiet,
        Instance::ColdAndBusy,
    ] {
        for others in 0..=5 {
            let before = (0..=others).map(Arrival::Before);
            let late = [Arrival::Never, Arrival::AfterTheSecond, Arrival::Later];
            let held = before.chain(late).map(|arrival| (Delivery::Held, arrival));
            for (first, arrival) in held.chain([(Delivery::ResponseLost, Arrival::Never)]) {
                for second in [Delivery::Whole, Delivery::ResponseLost, Delivery::Held] {
                    cases.push(Case {
                        instance,
                        first,
                        others,
                        arrival,
                        second,
                    });
                }
            }
        }
    }
    cases
}

/// A call of the account by another instance.
async fn other(accounts: &Accounts, app: &TestApp, customer: &Customer) {
    let call = Admission {
        account: customer.account,
        product: customer.product,
        key: customer.key,
        now: app.clock.now(),
        price: PRICE,
        route: Some(1),
        shard: None,
        stale: &[],
        seen: None,
    };
    let admitted = accounts.admit(&call).await.unwrap();
    assert!(matches!(admitted, Admitted::Yes(_)), "{admitted:?}");
}

async fn others(app: &TestApp, customer: &Customer, calls: usize) {
    for _ in 0..calls {
        other(&app.accounts, app, customer).await;
    }
}

fn quota(app: &TestApp, deliveries: &Deliveries) -> Quota {
    let dynamo = Dynamo::new(&app.intercepted(deliveries));
    let accounts = Accounts::new(&dynamo, app.accounts.table().name().to_owned());
    Quota::new(accounts, app.workspace.clone(), app.clock.clock())
}

fn caller(customer: &Customer) -> Principal {
    Principal {
        account: customer.account,
        product: customer.product,
        key: customer.key,
        lineage: customer.key,
        scopes: Vec::new(),
        expires_at: None,
    }
}

const CALL: Charge = Charge::Call {
    may_be_free: false,
    price: PRICE,
    route: 1,
};

/// Runs a case, and returns the meter, how many calls of others there were, and what became of the call.
async fn run(app: &TestApp, case: Case) -> (Meter, usize, Result<(), Denied>) {
    let customer = app.customer_with_limits(None, Some(1_000), CREDITS).await;
    let deliveries = Deliveries::default();
    let quota = quota(app, &deliveries);
    let mut counted = case.others;
    if case.instance != Instance::ColdAndQuiet {
        others(app, &customer, 4).await;
        counted += 4;
    }
    if case.instance == Instance::Warm {
        quota.admit(&caller(&customer), CALL).await.unwrap();
        counted += 1;
    }
    let (at, by, held) = (app.clone(), customer.clone(), deliveries.clone());
    deliveries.expect([case.first, case.second], move |number| {
        let (app, customer, held) = (at.clone(), by.clone(), held.clone());
        async move {
            if number != 1 {
                return;
            }
            let early = match case.arrival {
                Arrival::Before(after) => after,
                _ => case.others,
            };
            others(&app, &customer, early).await;
            if matches!(case.arrival, Arrival::Before(_)) {
                held.arrive().await;
            }
            others(&app, &customer, case.others - early).await;
        }
        .boxed()
    });
    let outcome = quota.admit(&caller(&customer), CALL).await.map(|_| ());
    if case.arrival == Arrival::Later {
        others(app, &customer, 5).await;
        counted += 5;
    }
    if case.arrival != Arrival::Never || case.second == Delivery::Held {
        deliveries.arrive().await;
    }
    (customer.meter(&app.accounts).await, counted, outcome)
}

fn check(case: Case, meter: &Meter, others: usize, outcome: &Result<(), Denied>, today: UtcDay) {
    let day = &meter.days[&today];
    let calls = usize::try_from(day.calls()).unwrap() - others;
    let charged = i64::try_from(others + calls).unwrap() * PRICE.tenths();
    assert_eq!(day.spent, Credits::from_tenths(charged), "{case:?}");
    let left = Credits::whole(CREDITS) - day.spent;
    assert_eq!(meter.credits, left, "{case:?}");
    match outcome {
        Ok(()) => assert_eq!(calls, 1, "{case:?}"),
        Err(Denied::Store(StoreError::Unavailable(_))) => assert!(calls <= 1, "{case:?}: {calls}"),
        Err(other) => panic!("{case:?}: {other:?}"),
    }
    // The last four writes show what became of the first, if one of them is known to be older.
    if case.instance != Instance::ColdAndBusy && case.others <= 3 {
        assert!(outcome.is_ok(), "{case:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn any_interleaving_counts_a_call_once() {
    let app = TestApp::new().await;
    let today = UtcDay::of(app.clock.now());
    let cases = cases();
    let number = cases.len();
    let runs = stream::iter(cases).map(|case| {
        let app = app.clone();
        async move { (case, run(&app, case).await) }
    });
    let refused = runs
        .buffer_unordered(24)
        .fold(0, |refused, (case, (meter, others, outcome))| {
            check(case, &meter, others, &outcome, today);
            std::future::ready(refused + usize::from(outcome.is_err()))
        })
        .await;
    println!("{number} interleavings, of which {refused} end with 503");
}

#[tokio::test]
async fn a_release_whose_response_is_lost_refunds_once() {
    let app = TestApp::new().await;
    for lost in [Delivery::ResponseLost, Delivery::Held] {
        for times in 1..=2 {
            let customer = app.customer(10).await;
            let deliveries = Deliveries::default();
            let quota = quota(&app, &deliveries);
            quota.admit(&caller(&customer), CALL).await.unwrap();
            deliveries.expect(repeat_n(lost, times), |_| async {}.boxed());
            quota.release(&caller(&customer), PRICE).await.unwrap();
            deliveries.arrive().await;
            let meter = customer.meter(&app.accounts).await;
            assert_eq!(meter.credits, Credits::whole(10), "{lost:?} {times}");
            assert_eq!(meter.open_spend(), Credits::ZERO, "{lost:?} {times}");
        }
    }
}

#[tokio::test]
async fn the_mark_of_a_repetition_is_removed_when_no_request_can_be_late() {
    let app = TestApp::new().await;
    let customer = app.customer(10).await;
    let deliveries = Deliveries::default();
    let quota = quota(&app, &deliveries);
    deliveries.expect([Delivery::Held], |_| async {}.boxed());
    quota.admit(&caller(&customer), CALL).await.unwrap();
    let marks = async || {
        let item = app.item(&customer, "METER#intent").await.unwrap();
        let is_mark = |name: &&String| name.starts_with('x');
        item.keys().filter(is_mark).count()
    };
    assert_eq!(marks().await, 1);
    app.clock.advance(16 * 60);
    // The first call sees that the mark is old, the second removes it.
    for left in [1, 0] {
        quota.admit(&caller(&customer), CALL).await.unwrap();
        assert_eq!(marks().await, left);
    }
}
