use api::Code;
use endpoints::account::{CREDITS, CREDITS_LEDGER, USAGE, USAGE_STATS};
use openapi::Operation;

use crate::counters::Counters;
use crate::credits::CreditsAnswer;
use crate::ledger::LedgerPage;
use crate::stats::StatsAnswer;

/// What the API's description says of these endpoints.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of(&USAGE)
            .about("Counts in the key's minute only.")
            .returns::<Counters>(200, "The counters."),
        Operation::of(&USAGE_STATS)
            .about("Counts in the key's minute only.")
            .returns::<StatsAnswer>(200, "The calls."),
        Operation::of(&CREDITS)
            .about("Counts in the key's minute only.")
            .refuses(Code::NotFound, &["no_credits"])
            .returns::<CreditsAnswer>(200, "The balance."),
        Operation::of(&CREDITS_LEDGER)
            .about("Every change of the balance. With `Accept: text/csv` it is a CSV file. Counts in the key's minute only.")
            .refuses(Code::NotFound, &["no_credits"])
            .returns::<LedgerPage>(200, "A page of entries.")
            .or_text("text/csv")
            .with_link(),
    ]
}
