use clap::Subcommand;
use runtime::Failure;
use serde_json::{Value, json};
use store::{Accounts, Entry, Grant, Meter};
use types::{AccountId, Credits, Product};

use crate::operator::{Operator, no_product};
use crate::output::Output;
use crate::progress::Progress;
use crate::table::Table;

/// Looks at a ledger whose account is in use before a difference is believed.
const LOOKS: usize = 3;

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

/// What was found of one ledger.
struct Verdict {
    booked: Credits,
    open: Credits,
    balance: Credits,
    grants: Vec<String>,
}

impl Verdict {
    fn of(ledger: &[Entry], meter: &Meter, grants: &[Grant]) -> Self {
        Self {
            booked: ledger.iter().map(Entry::amount).sum(),
            open: meter.open_spend(),
            balance: meter.credits,
            grants: grants.iter().filter_map(wrong).collect(),
        }
    }

    fn difference(&self) -> Credits {
        self.booked - self.open - self.balance
    }

    fn is_well(&self) -> bool {
        self.difference() == Credits::ZERO && self.grants.is_empty()
    }
}

/// What no sequence of calls can make of a grant.
fn wrong(grant: &Grant) -> Option<String> {
    let fits = (0..=grant.tenths).contains(&grant.remaining);
    (!fits).then(|| {
        format!(
            "{} has {} left of {}",
            grant.grant,
            grant.left(),
            grant.amount()
        )
    })
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
        let mut table = Table::new(&[
            "ACCOUNT",
            "PRODUCT",
            ">LEDGER",
            ">OPEN SPEND",
            ">BALANCE",
            ">DIFFERENCE",
            "GRANTS",
        ]);
        let (mut shown, mut is_well): (Vec<Value>, bool) = (Vec::new(), true);
        for (number, (account, product)) in ledgers.iter().enumerate() {
            progress.say(|| format!("{number} of {} ledgers checked", ledgers.len()));
            let verdict = verify(&accounts, *account, *product).await?;
            is_well &= verdict.is_well();
            table.row([
                account.to_string(),
                product.to_string(),
                verdict.booked.to_string(),
                verdict.open.to_string(),
                verdict.balance.to_string(),
                verdict.difference().to_string(),
                if verdict.grants.is_empty() {
                    "ok".to_owned()
                } else {
                    verdict.grants.join("; ")
                },
            ]);
            shown.push(json!({
                "account": account, "product": product, "ledger": verdict.booked, "openSpend": verdict.open,
                "credits": verdict.balance, "difference": verdict.difference(), "grants": verdict.grants,
            }));
        }
        let result = if is_well {
            "all agree"
        } else {
            "some do not agree"
        };
        let text = format!("{table}\n{} ledgers, {result}", ledgers.len());
        let json = json!({ "ok": is_well, "ledgers": shown });
        Ok(Output::new(json, text)?.well_if(is_well))
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
