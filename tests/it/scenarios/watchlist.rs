use http::Method;
use intent::Kind;
use serde_json::json;
use tests::{Call, Customer, PERIOD, TestApp, known};
use types::Product;
use watchlist::Order;

use super::{Act, Scenario, Stage};

const PATH: &str = "/api/v1/watchlist";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = additions();
    all.extend(entries());
    all.extend(refreshes());
    all
}

fn additions() -> Vec<Scenario> {
    vec![
        Scenario::new("watchlist: add, kept score", async |stage| {
            let customer = watcher(&stage).await;
            let add = add(&stage, &customer, 0).once_before().await;
            let remove = one(&stage.app, Method::DELETE, &customer);
            remove.send().await.expect(204);
            add
        }),
        Scenario::new("watchlist: add, computed score", async |stage| {
            let customer = watcher(&stage).await;
            add(&stage, &customer, 0)
        }),
        Scenario::new("watchlist: add, company without signals", async |stage| {
            let customer = watcher(&stage).await;
            let last = companies(&stage) - 1;
            add(&stage, &customer, last)
        }),
        Scenario::new("watchlist: add, watched already", async |stage| {
            let customer = watching(&stage).await;
            add_with(409, &stage, &customer, 0)
        }),
    ]
}

fn entries() -> Vec<Scenario> {
    vec![
        Scenario::new("watchlist: list, 20 entries", async |stage| {
            let customer = watcher(&stage).await;
            for company in 0..companies(&stage) {
                let watch = stage.app.watch(&customer, &domain(company));
                watch.send().await;
            }
            Act::call(200, move || stage.subject.get(PATH).key(&customer))
        }),
        Scenario::new("watchlist: one", async |stage| {
            let customer = watching(&stage).await;
            Act::call(200, move || one(&stage.subject, Method::GET, &customer))
        }),
        Scenario::new("watchlist: change", async |stage| {
            let customer = watching(&stage).await;
            Act::call(200, move || {
                let change = one(&stage.subject, Method::PATCH, &customer);
                change.json(&json!({ "company_name": "Other" }))
            })
        }),
        Scenario::new("watchlist: remove", async |stage| {
            let customer = watching(&stage).await;
            Act::call(204, move || one(&stage.subject, Method::DELETE, &customer))
        }),
    ]
}

fn refreshes() -> Vec<Scenario> {
    vec![
        Scenario::new("refresher: nothing due", async |stage| {
            watch_all(&stage).await;
            refresh(&stage)
        }),
        Scenario::new(
            "refresher: 20 companies of 5 watchers, half of them kept and half unknown",
            async |stage| {
                watch_all(&stage).await;
                stage.app.clock.advance(PERIOD);
                refresh(&stage)
            },
        ),
        Scenario::new(
            "refresher: 20 companies of 5 watchers, half of them changed and half unknown",
            async |stage| {
                watch_all(&stage).await;
                stage.app.clock.advance(PERIOD);
                let report = stage.app.refresh().await;
                let (companies, watchers) = (companies(&stage), watchers(&stage));
                assert_eq!(report.entries, companies / 2 * watchers);
                stage.app.clock.advance(PERIOD);
                publish(&stage, "2").await;
                refresh(&stage)
            },
        ),
    ]
}

/// Something is known of the first half of them.
fn companies(stage: &Stage) -> usize {
    stage.size(20, 2)
}

/// Who watches each of them.
fn watchers(stage: &Stage) -> usize {
    stage.size(5, 2)
}

fn domain(company: usize) -> String {
    format!("company{company}.com")
}

/// Something new on companies whose score nobody has looked at since.
async fn publish(stage: &Stage, id: &str) {
    for company in 0..companies(stage) / 2 {
        let signal = known(Kind::Hiring, 10, id);
        stage.app.publish(&domain(company), signal).await;
    }
}

fn one(app: &TestApp, method: Method, customer: &Customer) -> Call {
    app.call(method, &format!("{PATH}/{}", domain(0)))
        .key(customer)
}

fn add(stage: &Stage, customer: &Customer, company: usize) -> Act {
    add_with(201, stage, customer, company)
}

fn add_with(status: u16, stage: &Stage, customer: &Customer, company: usize) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(status, move || app.watch(&customer, &domain(company)))
}

/// A customer whose key the instance remembers, and companies.
async fn watcher(stage: &Stage) -> Customer {
    let customer = stage.app.customer_on(Product::Intent, "scale", 100).await;
    publish(stage, "1").await;
    let (app, caller) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || app.get(PATH).key(&caller))
        .once_before()
        .await;
    customer
}

/// The same who watches the first of them.
async fn watching(stage: &Stage) -> Customer {
    let customer = watcher(stage).await;
    add(stage, &customer, 0).once_before().await;
    customer
}

/// Every company on the watchlists of several customers.
async fn watch_all(stage: &Stage) {
    publish(stage, "1").await;
    for _ in 0..watchers(stage) {
        let customer = stage.app.customer_on(Product::Intent, "scale", 100).await;
        for company in 0..companies(stage) {
            let watch = stage.app.watch(&customer, &domain(company));
            watch.send().await.expect(201);
        }
    }
}

/// A run of the refresher.
fn refresh(stage: &Stage) -> Act {
    let app = stage.subject.clone();
    Act::work(move || {
        let app = app.clone();
        async move {
            let refresher = app.refresher();
            let report = refresher.run(Order::default(), app.deadline()).await;
            let report = report.map_err(|error| format!("{error:?}"))?;
            // What failed is put off, and the run goes on: the next one is a repetition of it.
            match report.failed {
                0 => Ok(()),
                failed => Err(format!("{failed} companies were put off")),
            }
        }
    })
}
