use accounts::{AuditAction, Meter, NewAccount, NewGrant, NewProduct};
use clap::Subcommand;
use quota::Plan;
use runtime::Failure;
use serde_json::{Value, json};
use store::StoreError;
use types::{AccountId, Credits, Product, month_of};

use super::{key, suspension};
use crate::operator::{Operator, explain_conflict, no_account};
use crate::output::Output;
use crate::parse;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an account with its products, plans and initial credits.
    #[command(
        after_help = "Example: assay account create \"Acme\" --plan intent=growth --plan portal=pro --credits intent=1000"
    )]
    Create {
        /// Name of the customer, such as "Acme".
        name: String,
        /// A product and its plan, such as intent=growth. Repeat for more products.
        #[arg(long = "plan", value_name = "PRODUCT=PLAN", value_parser = parse::plan)]
        plans: Vec<Plan>,
        /// Initial credits of a product, such as intent=1000 (default: none). Repeat for more products.
        #[arg(long = "credits", value_name = "PRODUCT=CREDITS", value_parser = parse::product_credits)]
        credits: Vec<(Product, Credits)>,
    },
    /// List all accounts. Scans the accounts table.
    #[command(after_help = "Example: assay account list")]
    List,
    /// Show an account: whether it is suspended, products, plans, limits, credits, grants, API keys and active jobs.
    #[command(after_help = "Example: assay account show acct_01k9xw3tkbc2v6m8p4h0r5zqde")]
    Show {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
    },
    /// Set the plan of a product, adding the product if the account does not have it. Takes effect with the next API call.
    #[command(
        after_help = "Example: assay account set-plan acct_01k9xw3tkbc2v6m8p4h0r5zqde intent scale"
    )]
    SetPlan {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Product: intent, leads, liquidity or portal.
        product: Product,
        /// Plan of that product, such as growth; an unknown name prints the valid ones.
        plan: String,
    },
    /// Suspend an account: every call and session of it is refused, no key can be made, and unfinished jobs are cancelled.
    #[command(
        after_help = "Example: assay account suspend acct_01k9xw3tkbc2v6m8p4h0r5zqde --reason \"invoice 17 is unpaid\"\n\nTakes effect before the command returns. If it fails half-way, run it again: it does what is left."
    )]
    Suspend {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Why, on one line of up to 200 characters. The customer is not shown it.
        #[arg(long, value_name = "TEXT", value_parser = parse::reason)]
        reason: String,
    },
    /// End the suspension of an account. Its keys work as before; cancelled jobs stay cancelled.
    #[command(after_help = "Example: assay account resume acct_01k9xw3tkbc2v6m8p4h0r5zqde")]
    Resume {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
    },
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        match self {
            Self::Create {
                name,
                plans,
                credits,
            } => {
                let account = create(operator, &name, &plans, &credits).await?;
                let text = format!("{account}\n\nNext: assay key issue {account} PRODUCT");
                Output::new(json!({ "account": account }), text)
            }
            Self::List => list(operator).await,
            Self::Show { account } => show(operator, account).await,
            Self::Suspend { account, reason } => {
                suspension::suspend(operator, account, reason).await
            }
            Self::Resume { account } => suspension::resume(operator, account).await,
            Self::SetPlan {
                account,
                product,
                plan,
            } => {
                let plan = Plan::named(product, &plan)?;
                set_plan(operator, account, plan).await?;
                let text = format!("{account} {product} is on plan {}", plan.name);
                Output::new(
                    json!({ "account": account, "product": product, "plan": plan.name }),
                    text,
                )
            }
        }
    }
}

/// Creates an account with its products and credits in one transaction.
pub(super) async fn create(
    operator: &Operator,
    name: &str,
    plans: &[Plan],
    credits: &[(Product, Credits)],
) -> Result<AccountId, Failure> {
    let by = operator.by();
    let of = |product| credits.iter().find(|(of, _)| *of == product);
    for (index, plan) in plans.iter().enumerate() {
        if plans
            .iter()
            .skip(index + 1)
            .any(|other| other.product == plan.product)
        {
            return Err(format!("{} has two plans; name one", plan.product).into());
        }
    }
    for (product, _) in credits {
        if !plans.iter().any(|plan| plan.product == *product) {
            return Err(
                format!("credits for {product} need its plan: add --plan {product}=PLAN").into(),
            );
        }
    }
    let open = |plan: &Plan| NewProduct {
        product: plan.product,
        meter: plan.meter(),
        welcome: of(plan.product).map(|(_, given)| NewGrant::of(*given, "initial credits", by.now)),
    };
    let products: Vec<NewProduct<'_>> = plans.iter().map(open).collect();
    let account = AccountId::new(by.now);
    let new = NewAccount {
        name,
        products: &products,
        audit: by.entry(
            AuditAction::AccountCreate,
            account.to_string(),
            String::new(),
        ),
    };
    operator.accounts()?.create_account(account, &new).await?;
    Ok(account)
}

async fn set_plan(operator: &Operator, account: AccountId, plan: Plan) -> Result<(), Failure> {
    let (accounts, by) = (operator.accounts()?, operator.by());
    if accounts.account_name(account).await?.is_none() {
        return Err(no_account(account).into());
    }
    let details = format!("{} on {}", plan.product, plan.name);
    let audit = by.entry(AuditAction::PlanSet, account.to_string(), details);
    let meter = plan.meter();
    match accounts
        .set_plan(account, plan.product, &meter, &audit)
        .await
    {
        Err(StoreError::Conflict) => accounts
            .add_product(account, plan.product, &meter, &audit)
            .await
            .map_err(|error| {
                explain_conflict(
                    error,
                    "the plan was changed concurrently; try again".to_owned(),
                )
            }),
        other => Ok(other?),
    }
}

async fn list(operator: &Operator) -> Result<Output, Failure> {
    let accounts = operator.accounts()?.scan_accounts().await?;
    let mut table = Table::new(&["ACCOUNT", "NAME", "PRODUCTS"]);
    let mut json = Vec::new();
    for (account, listed) in accounts {
        let products: Vec<&str> = listed.products.iter().map(|of| of.as_str()).collect();
        json.push(json!({ "account": account, "name": listed.name, "products": products }));
        table.row([account.to_string(), listed.name, products.join(", ")]);
    }
    Output::new(json, table.to_string())
}

async fn show(operator: &Operator, account: AccountId) -> Result<Output, Failure> {
    let (accounts, now) = (operator.accounts()?, operator.clock.now());
    let name = accounts.account_name(account).await?;
    let name = name.ok_or_else(|| no_account(account))?;
    let suspended = accounts.suspension(account).await?;
    let month = month_of(now);
    let mut products = Table::new(&[
        "PRODUCT",
        "PLAN",
        ">CALLS/MIN",
        ">CALLS/MONTH",
        ">THIS MONTH",
        ">CREDITS",
        ">JOBS",
        ">KEYS",
    ]);
    let mut grants = Table::new(&[
        "GRANT",
        "PRODUCT",
        ">LEFT",
        ">AMOUNT",
        ">PRIORITY",
        "EXPIRES",
    ]);
    let (mut shown, mut has_grants) = (Vec::new(), false);
    for (product, meter) in accounts.meters(account).await? {
        let held = accounts.holdings(account, product, now).await?;
        for grant in held.grants.iter().filter(|grant| grant.remaining > 0) {
            has_grants = true;
            grants.row([
                grant.grant.to_string(),
                product.to_string(),
                grant.left().to_string(),
                grant.amount().to_string(),
                grant.priority.to_string(),
                grant
                    .expires_at
                    .map_or(String::new(), |end| end.to_string()),
            ]);
        }
        products.row([
            product.to_string(),
            meter.plan.clone(),
            limit(meter.minute_limit),
            limit(meter.month_limit),
            meter.calls_of_month(&month).to_string(),
            held.balance.to_string(),
            meter.jobs_active.to_string(),
            meter.active_keys().to_string(),
        ]);
        shown.push(product_json(product, &meter, held.balance, &month));
    }
    let keys = accounts.issued_keys(account, now).await?;
    let json = json!({
        "account": account, "name": name, "suspended": suspended, "products": shown,
        "keys": keys.iter().map(|key| key::json(key, now)).collect::<Vec<_>>(),
    });
    let status = suspended.map_or_else(String::new, |suspended| {
        format!(
            "suspended since {}: {}\n",
            suspended.since, suspended.reason
        )
    });
    let mut text = format!("{account}  {name}\n{status}\n{products}");
    if has_grants {
        text = format!("{text}\n{grants}");
    }
    Output::new(json, format!("{text}\n{}", key::table(&keys, now)))
}

fn product_json(product: Product, meter: &Meter, balance: Credits, month: &str) -> Value {
    json!({
        "product": product, "plan": meter.plan, "minuteLimit": meter.minute_limit, "monthLimit": meter.month_limit,
        "callsThisMonth": meter.calls_of_month(month), "credits": balance, "jobsActive": meter.jobs_active,
        "activeKeys": meter.active_keys(),
    })
}

fn limit(limit: Option<u64>) -> String {
    limit.map_or("unlimited".to_owned(), |limit| limit.to_string())
}
