use auth::{KeyRequest, Scope};
use quota::Plan;
use runtime::Failure;
use serde_json::{Map, json};
use types::{Credits, Product};

use super::{account, key};
use crate::operator::Operator;
use crate::output::Output;
use crate::table::Table;

/// Plan and credits of the demo account, by product.
const DEMO: [(Product, &str, i64); 4] = [
    (Product::Intent, "growth", 10_000),
    (Product::Leads, "growth", 10_000),
    (Product::Liquidity, "professional", 0),
    (Product::Portal, "pro", 0),
];

pub(super) async fn run(operator: &Operator) -> Result<Output, Failure> {
    let plans: Vec<Plan> = DEMO
        .iter()
        .map(|(product, plan, _)| Plan::named(*product, plan))
        .collect::<Result<_, _>>()?;
    let funded = DEMO.iter().filter(|(.., credits)| *credits > 0);
    let credits: Vec<(Product, Credits)> = funded
        .map(|(product, _, credits)| (*product, Credits::whole(*credits)))
        .collect();
    let account = account::create(operator, "Demo", &plans, &credits).await?;
    let (mut keys, mut table) = (Map::new(), Table::new(&["PRODUCT", "KEY"]));
    for plan in plans {
        let request = KeyRequest {
            product: plan.product,
            scopes: Scope::of(plan.product).to_vec(),
            label: None,
            expires_at: None,
        };
        let (_, raw) = key::issue(operator, account, &request).await?;
        table.row([plan.product.to_string(), raw.clone()]);
        keys.insert(plan.product.to_string(), raw.into());
    }
    let text = format!("{account}  Demo\n\n{table}");
    Output::new(json!({ "account": account, "keys": keys }), text)
}
