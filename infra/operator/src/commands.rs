use auth::Scope;
use config::Env;
use quota::Plan;
use runtime::Failure;
use serde_json::{Map, Value, json};
use types::{AccountId, Credits, Product};

use crate::{Command, Operator};

/// The demo account's plan and credits of each product.
const DEMO: [(Product, &str, i64); 4] = [
    (Product::Intent, "growth", 10_000),
    (Product::Leads, "growth", 10_000),
    (Product::Liquidity, "professional", 0),
    (Product::Portal, "pro", 0),
];

/// Does a command, and answers what to print.
pub(crate) async fn run(command: Command) -> Result<Value, Failure> {
    let operator = Operator::from_env(&Env::process())?;
    match command {
        Command::CreateAccount {
            name,
            product,
            plan,
            credits,
        } => {
            let plan = Plan::named(product, &plan)?;
            let account = operator.create_account(&name).await?;
            operator.open_product(account, plan).await?;
            if credits > 0 {
                operator
                    .grant(
                        account,
                        product,
                        Credits::whole(credits.into()),
                        None,
                        "to begin with",
                    )
                    .await?;
            }
            Ok(json!({ "account": account }))
        }
        Command::IssueKey {
            account,
            product,
            scopes,
        } => {
            let scopes = scopes_of(product, &scopes)?;
            let (key, raw) = operator.issue_key(account, product, scopes).await?;
            Ok(json!({ "key_id": key, "key": raw.reveal() }))
        }
        Command::RevokeKey { account, key } => {
            operator.revoke_key(account, key).await?;
            Ok(json!({ "revoked": key }))
        }
        Command::GrantCredits {
            account,
            product,
            amount,
            days,
            note,
        } => {
            operator
                .grant(account, product, Credits::whole(amount.into()), days, &note)
                .await?;
            Ok(json!({ "granted": amount }))
        }
        Command::AdjustCredits {
            account,
            product,
            amount,
            note,
        } => {
            operator
                .adjust(account, product, Credits::whole(amount.into()), &note)
                .await?;
            Ok(json!({ "adjusted": amount }))
        }
        Command::Demo => demo(&operator).await,
    }
}

/// The scopes of these names; all that the product has where none is named.
fn scopes_of(product: Product, names: &[String]) -> Result<Vec<Scope>, Failure> {
    if names.is_empty() {
        return Ok(Scope::of(product).to_vec());
    }
    let known = |name: &String| {
        Scope::named(product, name).ok_or_else(|| {
            let known = Scope::of(product).iter().map(|scope| scope.as_str());
            let known: Vec<&str> = known.collect();
            let message = format!("{product} has no scope {name}; use {}", known.join(", "));
            Failure::from(message)
        })
    };
    names.iter().map(known).collect()
}

async fn demo(operator: &Operator) -> Result<Value, Failure> {
    let account: AccountId = operator.create_account("Demo").await?;
    let mut keys = Map::new();
    for (product, plan, credits) in DEMO {
        operator
            .open_product(account, Plan::named(product, plan)?)
            .await?;
        if credits > 0 {
            operator
                .grant(
                    account,
                    product,
                    Credits::whole(credits),
                    None,
                    "demo credits",
                )
                .await?;
        }
        let (_, raw) = operator
            .issue_key(account, product, Scope::of(product).to_vec())
            .await?;
        keys.insert(product.to_string(), raw.reveal().into());
    }
    Ok(json!({ "account": account, "keys": keys }))
}

/// Prints an answer: as JSON, or one `name: value` a line.
pub(crate) fn print(answer: &Value, as_json: bool) {
    match answer.as_object().filter(|_| !as_json) {
        Some(fields) => fields
            .iter()
            .for_each(|(name, value)| print_field(name, value)),
        None => println!("{answer}"),
    }
}

fn print_field(name: &str, value: &Value) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(inner, value)| print_field(&format!("{name}.{inner}"), value)),
        Value::String(text) => println!("{name}: {text}"),
        other => println!("{name}: {other}"),
    }
}
