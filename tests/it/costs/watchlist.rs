use http::Method;
use intent::Kind;
use serde_json::json;
use tests::{Call, Counted, Customer, PERIOD, TestApp, known};
use types::Product;
use watchlist::Order;

use super::{Measured, cost};

const PATH: &str = "/api/v1/watchlist";

/// Something is known of the first half of them.
const COMPANIES: usize = 20;
const WATCHERS: usize = 5;

fn domain(company: usize) -> String {
    format!("company{company}.com")
}

fn one(app: &TestApp, method: Method, customer: &Customer) -> Call {
    let path = format!("{PATH}/{}", domain(0));
    app.call(method, &path).key(customer)
}

/// Something new on companies whose score nobody has looked at since.
async fn publish(app: &TestApp, id: &str) {
    for company in 0..COMPANIES / 2 {
        let signal = known(Kind::Hiring, 10, id);
        app.publish(&domain(company), signal).await;
    }
}

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let customer = measured.app.customer_on(Product::Intent, "scale", 10).await;
    publish(&measured.app, "1").await;
    let app = &measured.counted;
    let add = async |company: usize| {
        let call = app.watch(&customer, &domain(company));
        cost(&measured, call, 201).await
    };
    // Remembers the key.
    add(1).await;
    let computed = add(0).await;
    let unknown = add(COMPANIES - 1).await;
    let again = cost(&measured, app.watch(&customer, &domain(0)), 409).await;
    let read = cost(&measured, one(app, Method::GET, &customer), 200).await;
    let change = one(app, Method::PATCH, &customer).json(&json!({ "company_name": "Other" }));
    let change = cost(&measured, change, 200).await;
    let remove = cost(&measured, one(app, Method::DELETE, &customer), 204).await;
    let kept = add(0).await;

    watch_all(&measured.app, &customer).await;
    let list = cost(&measured, app.get(PATH).key(&customer), 200).await;

    let run = async || {
        let refresher = measured.counted.refresher();
        let run = refresher.run(Order::default(), measured.app.deadline());
        let (cost, report) = measured.cost_of(run).await;
        (cost, report.unwrap())
    };
    let (idle, _) = run().await;
    measured.app.clock.advance(PERIOD);
    let (same, report) = run().await;
    assert_eq!(
        (report.companies, report.entries),
        (COMPANIES, COMPANIES / 2 * WATCHERS)
    );
    measured.app.clock.advance(PERIOD);
    publish(&measured.app, "2").await;
    let (changed, report) = run().await;
    assert_eq!(
        (report.entries, report.events),
        (COMPANIES * WATCHERS, COMPANIES / 2 * WATCHERS)
    );
    vec![
        ("watchlist: add, kept score", kept),
        ("watchlist: add, computed score", computed),
        ("watchlist: add, company without signals", unknown),
        ("watchlist: add, watched already", again),
        ("watchlist: list, 20 entries", list),
        ("watchlist: one", read),
        ("watchlist: change", change),
        ("watchlist: remove", remove),
        ("refresher: nothing due", idle),
        (
            "refresher: 20 companies of 5 watchers, half of them kept and half unknown",
            same,
        ),
        (
            "refresher: 20 companies of 5 watchers, half of them changed and half unknown",
            changed,
        ),
    ]
}

/// Every company on five watchlists, the customer's among them.
async fn watch_all(app: &TestApp, customer: &Customer) {
    let mut customers = vec![customer.clone()];
    for _ in 1..WATCHERS {
        customers.push(app.customer(100).await);
    }
    for customer in &customers {
        for company in 0..COMPANIES {
            app.watch(customer, &domain(company)).send().await;
        }
    }
}
