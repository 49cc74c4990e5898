use accounts::{AuditAction, Entry, EntryKind, NewGrant};
use clap::Subcommand;
use runtime::Failure;
use serde_json::json;
use types::{AccountId, Credits, Product, Timestamp, unique};

use crate::operator::{Operator, no_product, refused_means};
use crate::output::Output;
use crate::parse;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Give credits.
    #[command(
        after_help = "Example: assay credits grant acct_01k9xw3tkbc2v6m8p4h0r5zqde intent 1000 --days 90 --note \"invoice 17\""
    )]
    Grant {
        /// The account's id.
        account: AccountId,
        /// intent, leads, liquidity or portal.
        product: Product,
        /// Credits, with at most one decimal.
        #[arg(value_parser = parse::given)]
        amount: Credits,
        /// Days after which what is left of them goes; for ever, if not given.
        #[arg(long)]
        days: Option<u16>,
        /// Lower ones are spent first.
        #[arg(long, default_value_t = 50)]
        priority: u8,
        /// Shown in the ledger and the audit log.
        #[arg(long, default_value = "granted by the operator")]
        note: String,
    },
    /// Add to a balance or take from it. It never goes below zero.
    #[command(
        after_help = "Example: assay credits adjust acct_01k9xw3tkbc2v6m8p4h0r5zqde intent -20 --note \"counted twice\""
    )]
    Adjust {
        /// The account's id.
        account: AccountId,
        /// intent, leads, liquidity or portal.
        product: Product,
        /// Credits to add or, with a minus, to take.
        #[arg(allow_negative_numbers = true, value_parser = parse::change)]
        amount: Credits,
        /// Why: shown in the ledger and the audit log.
        #[arg(long)]
        note: String,
    },
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let (account, product, amount) = match self {
            Self::Grant {
                account,
                product,
                amount,
                days,
                priority,
                note,
            } => {
                let new = NewGrant {
                    priority,
                    ..NewGrant::of(amount, &note, operator.clock.now())
                };
                grant(operator, account, product, new, days).await?;
                (account, product, amount)
            }
            Self::Adjust {
                account,
                product,
                amount,
                note,
            } => {
                adjust(operator, account, product, amount, note).await?;
                (account, product, amount)
            }
        };
        let meter = operator.accounts()?.meter(account, product).await?;
        let balance = meter.map_or(Credits::ZERO, |meter| meter.credits);
        let json =
            json!({ "account": account, "product": product, "change": amount, "credits": balance });
        let text = format!("{account} {product}: {amount} credits; the balance is {balance}");
        Output::new(json, text)
    }
}

async fn grant(
    operator: &Operator,
    account: AccountId,
    product: Product,
    new: NewGrant,
    days: Option<u16>,
) -> Result<(), Failure> {
    let by = operator.by();
    let end = days.map(|days| by.now.as_second() + i64::from(days) * 86_400);
    let details = format!("{product} {}: {}", new.amount, new.note);
    let new = NewGrant {
        expires_at: end.map(Timestamp::from_second).transpose()?,
        audit: Some(by.entry(AuditAction::CreditsGrant, new.grant.to_string(), details)),
        ..new
    };
    let granted = operator
        .accounts()?
        .grant(account, product, &new, by.now)
        .await;
    granted.map_err(|error| refused_means(error, no_product(account, product)))
}

async fn adjust(
    operator: &Operator,
    account: AccountId,
    product: Product,
    amount: Credits,
    note: String,
) -> Result<(), Failure> {
    let by = operator.by();
    let accounts = operator.accounts()?;
    let meter = accounts.meter(account, product).await?;
    let meter = meter.ok_or_else(|| no_product(account, product))?;
    let details = format!("{product} {amount}: {note}");
    let audit = by.entry(AuditAction::CreditsAdjust, account.to_string(), details);
    let entry = Entry {
        reference: format!("{}-adjust", unique(by.now)),
        kind: EntryKind::Adjust,
        tenths: amount.tenths(),
        at: by.now,
        note,
    };
    let corrected = accounts
        .correct(account, product, &entry, Some(&audit))
        .await;
    corrected.map_err(|error| {
        let meaning = format!(
            "the balance is {}, so {} cannot be taken",
            meter.credits, -amount
        );
        refused_means(error, meaning)
    })
}
