use accounts::{AuditAction, Entry, EntryKind, NewGrant};
use clap::Subcommand;
use runtime::Failure;
use serde_json::json;
use types::{AccountId, Credits, Product, Timestamp, unique};

use crate::operator::{Operator, explain_conflict, no_product};
use crate::output::Output;
use crate::parse;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Grant credits. Grants with the lowest priority number are spent first.
    #[command(
        after_help = "Example: assay credits grant acct_01k9xw3tkbc2v6m8p4h0r5zqde intent 1000 --days 90 --note \"invoice 17\""
    )]
    Grant {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Product: intent, leads, liquidity or portal.
        product: Product,
        /// Credits to grant, with at most one decimal place, such as 1000 or 0.5.
        #[arg(value_parser = parse::positive_credits)]
        amount: Credits,
        /// Days until the unspent credits of this grant expire (default: never).
        #[arg(long)]
        days: Option<u16>,
        /// Priority from 0 to 255; lower numbers are spent first.
        #[arg(long, default_value_t = 50)]
        priority: u8,
        /// Note for the ledger and the audit log.
        #[arg(long, default_value = "granted by the operator")]
        note: String,
    },
    /// Add credits to a balance or subtract them. A balance never goes below zero.
    #[command(
        after_help = "Example: assay credits adjust acct_01k9xw3tkbc2v6m8p4h0r5zqde intent -20 --note \"counted twice\""
    )]
    Adjust {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde.
        account: AccountId,
        /// Product: intent, leads, liquidity or portal.
        product: Product,
        /// Credits to add, or with a minus sign to subtract, such as 5 or -20.5.
        #[arg(allow_negative_numbers = true, value_parser = parse::signed_credits)]
        amount: Credits,
        /// Reason, for the ledger and the audit log.
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
    granted.map_err(|error| explain_conflict(error, no_product(account, product)))
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
        let message = format!(
            "the balance is {}, so {} cannot be subtracted",
            meter.credits, -amount
        );
        explain_conflict(error, message)
    })
}
