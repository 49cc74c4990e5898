use std::fmt::Write as _;

use accounts::Accounts;
use clap::Subcommand;
use runtime::Failure;
use serde::Serialize;
use serde_json::json;
use types::{AccountId, Product};

use super::verdict::{CHECKS, Verdict};
use crate::operator::{Operator, no_product};
use crate::output::Output;
use crate::progress::Progress;
use crate::table::Table;

/// Looks at a ledger whose account is in use before a difference is believed.
const LOOKS: usize = 3;
const HEADINGS: [&str; 8] = [
    "ACCOUNT",
    "PRODUCT",
    ">LEDGER",
    ">OPEN SPEND",
    ">BALANCE",
    ">DIFFERENCE",
    ">NOT LAID",
    "GRANTS",
];

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check that ledger, balance and grants agree: one product, or all of every account. Exit code 1 if they do not.
    #[command(
        after_help = "Example: assay ledger verify acct_01k9xw3tkbc2v6m8p4h0r5zqde intent\n\nWithout arguments it reads the whole accounts table."
    )]
    Verify {
        /// The account's id.
        #[arg(requires = "product")]
        account: Option<AccountId>,
        /// intent, leads, liquidity or portal.
        product: Option<Product>,
    },
}

/// A ledger that was looked at.
#[derive(Debug, Serialize)]
struct Checked {
    account: AccountId,
    product: Product,
    #[serde(flatten)]
    verdict: Verdict,
}

impl Command {
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        let Self::Verify { account, product } = self;
        let accounts = operator.accounts()?;
        let ledgers = match account.zip(product) {
            Some(one) => vec![one],
            None => every(&accounts).await?,
        };
        let mut progress = Progress::new(&operator.clock);
        let (mut found, mut is_well): (Vec<Checked>, bool) = (Vec::new(), true);
        let (mut table, mut wrong) = (Table::new(&HEADINGS), String::new());
        for (number, (account, product)) in ledgers.iter().enumerate() {
            progress.say(|| format!("{number} of {} ledgers checked", ledgers.len()));
            let verdict = verify(&accounts, *account, *product).await?;
            is_well &= verdict.is_well();
            for sentence in &verdict.grants {
                let _ = writeln!(wrong, "{account} {product}: {sentence}");
            }
            let checked = Checked {
                account: *account,
                product: *product,
                verdict,
            };
            table.row(checked.row());
            found.push(checked);
        }
        let result = if is_well {
            "all agree"
        } else {
            "some do not agree"
        };
        let text = format!(
            "{table}\n{wrong}{} ledgers, {result}. {CHECKS}",
            ledgers.len()
        );
        let json = json!({ "ok": is_well, "checked": CHECKS, "ledgers": found });
        Ok(Output::new(json, text)?.well_if(is_well))
    }
}

impl Checked {
    fn row(&self) -> [String; 8] {
        let verdict = &self.verdict;
        let grants = match verdict.grants.len() {
            0 => "ok".to_owned(),
            wrong => format!("{wrong} wrong"),
        };
        [
            self.account.to_string(),
            self.product.to_string(),
            verdict.ledger.to_string(),
            verdict.open_spend.to_string(),
            verdict.credits.to_string(),
            verdict.difference.to_string(),
            verdict.unlaid.to_string(),
            grants,
        ]
    }
}

async fn every(accounts: &Accounts) -> Result<Vec<(AccountId, Product)>, Failure> {
    let listed = accounts.scan_accounts().await?.into_iter();
    Ok(listed
        .flat_map(|(account, listed)| {
            let products = listed.products.into_iter();
            products.map(move |product| (account, product))
        })
        .collect())
}

/// Looks until ledger and meter agree or have differed three times: an account in use may change between two reads.
async fn verify(
    accounts: &Accounts,
    account: AccountId,
    product: Product,
) -> Result<Verdict, Failure> {
    let mut looks = 1;
    loop {
        let ledger = accounts.ledger(account, product).await?;
        let grants = accounts.grants(account, product).await?;
        let meter = accounts.meter(account, product).await?;
        let meter = meter.ok_or_else(|| no_product(account, product))?;
        let verdict = Verdict::of(&ledger, &meter, &grants);
        if verdict.is_well() || looks == LOOKS {
            return Ok(verdict);
        }
        looks += 1;
    }
}
