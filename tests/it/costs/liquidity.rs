use tests::Counted;
use types::Product;

use super::{Measured, cost};
use crate::liquidity::{publish, usdy};

pub(super) async fn measure() -> Measured {
    let measured = Counted::new().await;
    let (prepare, app) = (&measured.app, &measured.counted);
    let customer = prepare.customer_on(Product::Liquidity, "analyst", 0).await;
    publish(prepare, &[usdy()]).await;
    let protocol = || app.get("/api/v1/protocols/ondo-usdy").key(&customer);
    // Caches the key.
    cost(&measured, protocol(), 200).await;
    vec![("market: protocol", cost(&measured, protocol(), 200).await)]
}
