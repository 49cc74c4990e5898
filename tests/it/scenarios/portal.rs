use serde_json::json;
use tests::Customer;
use types::Product;

use super::{Act, Scenario, Stage};

const CLIENTS: &str = "/v1/clients";

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("clients: create a client", async |stage| {
            let customer = known(&stage).await;
            create(&stage, &customer)
        }),
        Scenario::new("clients: list of 1 client", async |stage| {
            let customer = known(&stage).await;
            create(&stage, &customer).once_before().await;
            get(&stage, &customer, CLIENTS)
        }),
        Scenario::new("clients: client", async |stage| {
            let customer = known(&stage).await;
            create(&stage, &customer).once_before().await;
            get(&stage, &customer, "/v1/clients/partner-123")
        }),
    ]
}

/// A customer whose key the instance remembers.
async fn known(stage: &Stage) -> Customer {
    let customer = stage.app.customer_on(Product::Portal, "pro", 0).await;
    get(stage, &customer, CLIENTS).once_before().await;
    customer
}

fn get(stage: &Stage, customer: &Customer, path: &'static str) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(200, move || app.get(path).key(&customer))
}

fn create(stage: &Stage, customer: &Customer) -> Act {
    let (app, customer) = (stage.subject.clone(), customer.clone());
    Act::call(201, move || {
        let client = json!({ "client_ref": "partner-123", "name": "Partner Ltd" });
        app.post(CLIENTS).key(&customer).json(&client)
    })
}
