//! What every endpoint and every worker asks of its services, exactly: calls, read units, write units. `make bench` prices
//! them. After a change that is meant, `UPDATE_EXPECT=1 make test ARGS="--test it costs::"` writes tests/bench/costs.json.

mod account;
mod bulk;
mod ingest;
mod insight;
mod leads;
mod liquidity;
mod portal;
mod refused;
mod score;
mod watchlist;

use std::collections::BTreeSet;

use bench::costs::{Cost, Costs};
use expect_test::expect_file;
use futures::join;
use tests::{Call, Counted};

/// Costs with what they are of, as the tables of `make bench` name it.
type Measured = Vec<(&'static str, Cost)>;

#[tokio::test]
async fn every_cost_is_the_one_that_is_checked_in() {
    let (score, insight, refused, ingest, bulk, account, watchlist, leads, liquidity, portal) = join!(
        score::measure(),
        insight::measure(),
        refused::measure(),
        ingest::measure(),
        bulk::measure(),
        account::measure(),
        watchlist::measure(),
        leads::measure(),
        liquidity::measure(),
        portal::measure(),
    );
    let all = [
        score, insight, refused, ingest, bulk, account, watchlist, leads, liquidity, portal,
    ];
    let all = all.concat();
    let names: BTreeSet<&str> = all.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), all.len(), "each has a name of its own");
    let costs = all.into_iter().map(|(name, cost)| (name.to_owned(), cost));
    let costs: Costs = costs.collect();
    let json = serde_json::to_string_pretty(&costs).unwrap() + "\n";
    expect_file!["../../bench/costs.json"].assert_eq(&json);
}

/// What a call costs that is answered with this status.
async fn cost(measured: &Counted, call: Call, status: u16) -> Cost {
    let (cost, answer) = measured.cost_of(call.send()).await;
    answer.expect(status);
    cost
}
