//! One call of every endpoint and every worker, with what it needs to be there before: what each costs, and how it fails.
//! A new endpoint is a scenario here, and is measured and made to fail from then on.

mod account;
mod bulk;
mod ingest;
mod insight;
mod leads;
mod liquidity;
mod market;
mod packed;
mod portal;
mod refused;
mod reports;
mod score;
mod stage;
mod watchlist;
mod webhooks;

pub(crate) use stage::{Act, Done, Scenario, Stage};

/// Every scenario. Each has a name of its own, as the tables of `make bench` show it.
pub(crate) fn all() -> Vec<Scenario> {
    [
        score::scenarios(),
        insight::scenarios(),
        refused::scenarios(),
        ingest::scenarios(),
        packed::scenarios(),
        bulk::scenarios(),
        account::scenarios(),
        watchlist::scenarios(),
        leads::scenarios(),
        liquidity::scenarios(),
        market::scenarios(),
        reports::scenarios(),
        portal::scenarios(),
        webhooks::scenarios(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
