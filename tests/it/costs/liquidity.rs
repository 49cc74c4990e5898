use http::Method;
use serde_json::json;
use tests::Counted;
use types::Product;

use super::{Measured, cost};
use crate::liquidity::{publish, unknown, usdy};

const WATCHLIST: &str = "/api/v1/watchlist";

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let (prepare, app) = (&measured.app, &measured.counted);
    let customer = prepare.customer_on(Product::Liquidity, "analyst", 0).await;
    publish(prepare, &[usdy(), unknown("paxg")]).await;
    let protocol = || app.get("/api/v1/protocols/ondo-usdy").key(&customer);
    // Caches the key.
    cost(&measured, protocol(), 200).await;
    let protocol = cost(&measured, protocol(), 200).await;

    let add = async |slug: &str| {
        let call = app.post(WATCHLIST).key(&customer);
        let call = call.json(&json!({ "protocolSlug": slug }));
        cost(&measured, call, 201).await
    };
    // The function of the watchlist caches the key for itself.
    add("ondo-usdy").await;
    let added = add("paxg").await;
    let list = cost(&measured, app.get(WATCHLIST).key(&customer), 200).await;
    let remove = app.call(Method::DELETE, &format!("{WATCHLIST}/paxg"));
    let removed = cost(&measured, remove.key(&customer), 200).await;
    vec![
        ("market: protocol", protocol),
        ("watchlist of protocols: add", added),
        ("watchlist of protocols: list, 2 entries", list),
        ("watchlist of protocols: remove", removed),
    ]
}
