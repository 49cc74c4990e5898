use std::fmt::Write as _;

use accounts::Accounts;
use clap::Subcommand;
use runtime::Failure;
use serde::Serialize;
use serde_json::json;
use types::{AccountId, Product};

use super::ledger_check::{CHECKS, LedgerCheck};
use crate::operator::{Operator, no_product};
use crate::output::Output;
use crate::progress::Progress;
use crate::table::Table;

/// Reads that must all differ before a difference is reported: an account in use changes between reads.
const MAX_READS: usize = 3;
const HEADINGS: [&str; 8] = [
    "ACCOUNT",
    "PRODUCT",
    ">LEDGER",
    ">OPEN SPEND",
    ">BALANCE",
    ">DIFFERENCE",
    ">UNALLOCATED",
    "GRANTS",
];

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check that ledger, balance and grants agree, for one product or for all accounts. Exits with 1 if any does not.
    #[command(
        after_help = "Example: assay ledger verify acct_01k9xw3tkbc2v6m8p4h0r5zqde intent\n\nWithout arguments it checks every account and scans the accounts table."
    )]
    Verify {
        /// Account id, such as acct_01k9xw3tkbc2v6m8p4h0r5zqde (default: all accounts).
        #[arg(requires = "product")]
        account: Option<AccountId>,
        /// Product: intent, leads, liquidity or portal. Required with an account.
        product: Option<Product>,
    },
}

/// The check of one ledger.
#[derive(Debug, Serialize)]
struct CheckedLedger {
    account: AccountId,
    product: Product,
    #[serde(flatten)]
    check: LedgerCheck,
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let Self::Verify { account, product } = self;
        let accounts = operator.accounts()?;
        let ledgers = match account.zip(product) {
            Some(one) => vec![one],
            None => all_ledgers(&accounts).await?,
        };
        let mut progress = Progress::new(&operator.clock);
        let (mut found, mut is_ok): (Vec<CheckedLedger>, bool) = (Vec::new(), true);
        let (mut table, mut problems) = (Table::new(&HEADINGS), String::new());
        for (number, (account, product)) in ledgers.iter().enumerate() {
            progress.report(|| format!("{number} of {} ledgers checked", ledgers.len()));
            let check = verify(&accounts, *account, *product).await?;
            is_ok &= check.is_ok();
            for problem in &check.grants {
                let _ = writeln!(problems, "{account} {product}: {problem}");
            }
            let checked = CheckedLedger {
                account: *account,
                product: *product,
                check,
            };
            table.row(checked.row());
            found.push(checked);
        }
        let result = if is_ok {
            "all agree"
        } else {
            "some do not agree"
        };
        let text = format!(
            "{table}\n{problems}{} ledgers, {result}. {CHECKS}",
            ledgers.len()
        );
        let json = json!({ "ok": is_ok, "checked": CHECKS, "ledgers": found });
        Ok(Output::new(json, text)?.ok_if(is_ok))
    }
}

impl CheckedLedger {
    fn row(&self) -> [String; 8] {
        let check = &self.check;
        let grants = match check.grants.len() {
            0 => "ok".to_owned(),
            wrong => format!("{wrong} wrong"),
        };
        [
            self.account.to_string(),
            self.product.to_string(),
            check.ledger.to_string(),
            check.open_spend.to_string(),
            check.credits.to_string(),
            check.difference.to_string(),
            check.unallocated.to_string(),
            grants,
        ]
    }
}

async fn all_ledgers(accounts: &Accounts) -> Result<Vec<(AccountId, Product)>, Failure> {
    let listed = accounts.scan_accounts().await?.into_iter();
    Ok(listed
        .flat_map(|(account, listed)| {
            let products = listed.products.into_iter();
            products.map(move |product| (account, product))
        })
        .collect())
}

/// Reads until ledger and meter agree, at most three times.
async fn verify(
    accounts: &Accounts,
    account: AccountId,
    product: Product,
) -> Result<LedgerCheck, Failure> {
    let mut reads = 1;
    loop {
        let ledger = accounts.ledger(account, product).await?;
        let grants = accounts.grants(account, product).await?;
        let meter = accounts.meter(account, product).await?;
        let meter = meter.ok_or_else(|| no_product(account, product))?;
        let check = LedgerCheck::of(&ledger, &meter, &grants);
        if check.is_ok() || reads == MAX_READS {
            return Ok(check);
        }
        reads += 1;
    }
}
