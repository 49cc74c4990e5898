use http::Method;
use liquidity::Frequency;
use serde_json::json;
use tests::{Customer, Item};
use types::Product;

use super::{Act, Scenario, Stage};
use crate::liquidity::fan_out::{crowd, redeemed};
use crate::liquidity::{publish, unknown, usdy};

const WATCHLIST: &str = "/api/v1/watchlist";
const PROFILES: &str = "/api/v1/scoring-profiles";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = market_and_watchlist();
    all.extend(profiles());
    all.extend(defaults());
    all.extend(fan_outs());
    all
}

fn market_and_watchlist() -> Vec<Scenario> {
    vec![
        Scenario::new("market: protocol", async |stage| {
            let customer = analyst(&stage).await;
            let get = move || {
                let get = stage.subject.get("/api/v1/protocols/ondo-usdy");
                get.key(&customer)
            };
            Act::call(200, get).once_before().await
        }),
        Scenario::new("watchlist of protocols: add", async |stage| {
            let customer = analyst(&stage).await;
            add(&stage, &customer, "ondo-usdy").once_before().await;
            add(&stage, &customer, "paxg")
        }),
        Scenario::new("watchlist of protocols: list, 2 entries", async |stage| {
            let customer = watching(&stage).await;
            Act::call(200, move || stage.subject.get(WATCHLIST).key(&customer))
        }),
        Scenario::new("watchlist of protocols: one", async |stage| {
            let customer = watching(&stage).await;
            let path = format!("{WATCHLIST}/paxg");
            Act::call(200, move || stage.subject.get(&path).key(&customer))
        }),
        Scenario::new("watchlist of protocols: change", async |stage| {
            let customer = watching(&stage).await;
            let path = format!("{WATCHLIST}/paxg");
            Act::call(200, move || {
                let change = stage.subject.call(Method::PATCH, &path);
                change.key(&customer).json(&json!({ "alert_threshold": 5 }))
            })
        }),
        Scenario::new("watchlist of protocols: remove", async |stage| {
            let customer = watching(&stage).await;
            let path = format!("{WATCHLIST}/paxg");
            Act::call(200, move || {
                let remove = stage.subject.call(Method::DELETE, &path);
                remove.key(&customer)
            })
        }),
    ]
}

fn profiles() -> Vec<Scenario> {
    vec![
        Scenario::new("profiles of liquidity: create", async |stage| {
            let (customer, _) = profiled(&stage).await;
            create(&stage, &customer, None)
        }),
        Scenario::new("profiles of liquidity: create, with a key", async |stage| {
            let (customer, _) = profiled(&stage).await;
            create(&stage, &customer, Some("a key of this test")).repeatable()
        }),
        Scenario::new("profiles of liquidity: list of 1", async |stage| {
            let (customer, _) = profiled(&stage).await;
            on(&stage, &customer, Method::GET, String::new())
        }),
        Scenario::new("profiles of liquidity: read", async |stage| {
            let (customer, id) = profiled(&stage).await;
            on(&stage, &customer, Method::GET, format!("/{id}"))
        }),
        Scenario::new("profiles of liquidity: replace", async |stage| {
            let (customer, id) = profiled(&stage).await;
            replace(&stage, &customer, &id, "Treasury")
        }),
        Scenario::new("profiles of liquidity: rename", async |stage| {
            let (customer, id) = profiled(&stage).await;
            replace(&stage, &customer, &id, "Another name")
        }),
        Scenario::new("profiles of liquidity: remove", async |stage| {
            let (customer, id) = profiled(&stage).await;
            on(&stage, &customer, Method::DELETE, format!("/{id}"))
        }),
    ]
}

fn defaults() -> Vec<Scenario> {
    vec![
        Scenario::new("profiles of liquidity: set the default", async |stage| {
            let (customer, id) = profiled(&stage).await;
            on(&stage, &customer, Method::PUT, format!("/{id}/default"))
        }),
        Scenario::new("profiles of liquidity: clear the default", async |stage| {
            let (customer, id) = profiled(&stage).await;
            let set = on(&stage, &customer, Method::PUT, format!("/{id}/default"));
            set.once_before().await;
            on(&stage, &customer, Method::DELETE, "/default".to_owned())
        }),
        Scenario::new("profiles of liquidity: remove the default", async |stage| {
            let (customer, id) = profiled(&stage).await;
            let set = on(&stage, &customer, Method::PUT, format!("/{id}/default"));
            set.once_before().await;
            on(&stage, &customer, Method::DELETE, format!("/{id}"))
        }),
    ]
}

/// A customer with one profile, whose key the instance remembers, and its id.
async fn profiled(stage: &Stage) -> (Customer, String) {
    let customer = stage.app.customer_on(Product::Liquidity, "professional", 0);
    let customer = customer.await;
    let create = stage.app.post(PROFILES).key(&customer);
    let made = create.json(&treasury("Treasury")).send().await.expect(201);
    let list = on(stage, &customer, Method::GET, String::new());
    list.once_before().await;
    let id = made.json["profile"]["id"].as_str().unwrap().to_owned();
    (customer, id)
}

fn treasury(name: &str) -> serde_json::Value {
    let weights = json!({ "aum": 0.4, "redemption": 0.25, "secondaryVolume": 0.1, "issuer": 0.15, "jurisdiction": 0.1 });
    json!({ "name": name, "weights": weights })
}

fn create(stage: &Stage, customer: &Customer, key: Option<&'static str>) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(201, move || {
        let call = app.post(PROFILES).key(&customer).json(&treasury("New"));
        match key {
            Some(key) => call.header("idempotency-key", key),
            None => call,
        }
    })
}

fn replace(stage: &Stage, customer: &Customer, id: &str, name: &'static str) -> Act {
    let (app, customer, path) = (
        stage.subject.clone(),
        customer.clone(),
        format!("{PROFILES}/{id}"),
    );
    Act::call(200, move || {
        let call = app.call(Method::PUT, &path).key(&customer);
        call.json(&treasury(name))
    })
}

/// A call without a body, below the path of the profiles.
fn on(stage: &Stage, customer: &Customer, method: Method, below: String) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || {
        let call = app.call(method.clone(), &format!("{PROFILES}{below}"));
        call.key(&customer)
    })
}

/// A customer and two protocols.
async fn analyst(stage: &Stage) -> Customer {
    let customer = stage.app.customer_on(Product::Liquidity, "analyst", 0);
    publish(&stage.app, &[usdy(), unknown("paxg")]).await;
    customer.await
}

/// The same who watches both, and whose key the watchlist's function remembers.
async fn watching(stage: &Stage) -> Customer {
    let customer = analyst(stage).await;
    for slug in ["ondo-usdy", "paxg"] {
        add(stage, &customer, slug).once_before().await;
    }
    customer
}

fn add(stage: &Stage, customer: &Customer, slug: &'static str) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(201, move || {
        let call = app.post(WATCHLIST).key(&customer);
        call.json(&json!({ "protocolSlug": slug }))
    })
}

fn fan_outs() -> Vec<Scenario> {
    vec![
        Scenario::new(
            "protocol-fan-out: a change of the score, 1 watcher",
            async |stage| {
                watching(&stage).await;
                tell(&stage, "score_change").await
            },
        ),
        Scenario::new(
            "protocol-fan-out: a change of the tier, 1 watcher",
            async |stage| {
                watching(&stage).await;
                tell(&stage, "tier_change").await
            },
        ),
        Scenario::new("protocol-fan-out: nobody watches", async |stage| {
            analyst(&stage).await;
            tell(&stage, "tier_change").await
        })
        .only_measured(),
        Scenario::new(
            "protocol-fan-out: a change of the tier, 100 of 101 watchers",
            async |stage| {
                analyst(&stage).await;
                crowd(&stage.app, 101).await;
                tell(&stage, "tier_change").await
            },
        )
        .only_measured(),
    ]
}

/// Tells those who watch of an event that has happened.
async fn tell(stage: &Stage, kind: &'static str) -> Act {
    redeemed(&stage.app, Frequency::Quarterly).await;
    let events = stage.app.protocol_events().await.into_iter();
    let is_of_kind = |event: &Item| format!("{event:?}").contains(kind);
    let event = events.filter(is_of_kind).last().unwrap();
    let app = stage.subject.clone();
    Act::work(move || {
        let (fan_out, event) = (app.fan_out(), event.clone());
        async move { fan_out.run(event.into()).await }
    })
}
