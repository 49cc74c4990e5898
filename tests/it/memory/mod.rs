//! The widest inputs, given to the built functions in half of the memory that template.yaml gives them.

mod bulk;
mod http;
mod import;
mod refresher;

use quota::Plan;
use tests::{Customer, TestApp};
use types::{Clock, Credits, Product};

/// A customer of the largest plan, whose account is as old as the functions' clock says, which is the real one.
async fn customer(app: &TestApp, product: Product) -> Customer {
    let plan = match product {
        Product::Intent | Product::Leads => "scale",
        Product::Liquidity => "institutional",
        Product::Portal => "enterprise",
    };
    let plan = Plan::named(product, plan).unwrap();
    let now = Clock::system().now();
    Customer::open(&app.accounts, plan, Credits::whole(10_000), now).await
}
