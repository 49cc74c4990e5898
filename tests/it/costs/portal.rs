use serde_json::json;
use tests::Counted;
use types::Product;

use super::{Measured, cost};

const CLIENTS: &str = "/v1/clients";

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let (prepare, app) = (&measured.app, &measured.counted);
    let customer = prepare.customer_on(Product::Portal, "pro", 0).await;
    let of = async |path: &str| cost(&measured, app.get(path).key(&customer), 200).await;
    // Caches the key.
    of(CLIENTS).await;
    let client = json!({ "client_ref": "partner-123", "name": "Partner Ltd" });
    let create = app.post(CLIENTS).key(&customer).json(&client);
    let create = cost(&measured, create, 201).await;
    vec![
        ("clients: create a client", create),
        ("clients: list of 1 client", of(CLIENTS).await),
        ("clients: client", of("/v1/clients/partner-123").await),
    ]
}
