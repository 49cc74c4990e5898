use http::Method;
use serde_json::json;
use tests::Customer;
use types::Product;

use super::{Act, Scenario, Stage};
use crate::liquidity::{publish, unknown, usdy};

const WATCHLIST: &str = "/api/v1/watchlist";

pub(super) fn scenarios() -> Vec<Scenario> {
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
