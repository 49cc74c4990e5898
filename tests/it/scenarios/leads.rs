use serde_json::json;
use types::Product;

use super::{Act, Scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("lists: whoami", async |stage| {
            let customer = stage.app.customer_on(Product::Leads, "growth", 100).await;
            let whoami = Act::call(200, move || stage.subject.get("/v1/whoami").key(&customer));
            whoami.once_before().await
        }),
        Scenario::new("graphql: account", async |stage| {
            let customer = stage.app.customer_on(Product::Leads, "growth", 100).await;
            let query = json!({ "query": "{ account { universalPlan { available used } } }" });
            let account = Act::call(200, move || {
                stage.subject.post("/graphql").key(&customer).json(&query)
            });
            account.once_before().await
        }),
    ]
}
