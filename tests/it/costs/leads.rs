use serde_json::json;
use tests::Counted;
use types::Product;

use super::{Measured, cost};

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let (prepare, app) = (&measured.app, &measured.counted);
    let customer = prepare.customer_on(Product::Leads, "growth", 100).await;
    let whoami = || app.get("/v1/whoami").key(&customer);
    let query = json!({ "query": "{ account { universalPlan { available used } } }" });
    let graphql = || app.post("/graphql").key(&customer).json(&query);
    // Both cache the key.
    cost(&measured, whoami(), 200).await;
    cost(&measured, graphql(), 200).await;
    vec![
        ("lists: whoami", cost(&measured, whoami(), 200).await),
        ("graphql: account", cost(&measured, graphql(), 200).await),
    ]
}
