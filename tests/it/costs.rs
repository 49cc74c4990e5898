//! What every endpoint and every worker asks of its services, exactly: calls, read units, write units. `make bench` prices
//! them. After a change that is meant, `UPDATE_EXPECT=1 make test ARGS="--test it costs::"` writes tests/bench/costs.json.

use bench::costs::{Cost, Costs};
use expect_test::expect_file;
use futures::{StreamExt, stream};
use tests::Counted;

use crate::scenarios::{Scenario, Stage, all};

/// Scenarios that are measured at once.
const AT_ONCE: usize = 16;

#[tokio::test]
async fn every_cost_is_the_one_that_is_checked_in() {
    let scenarios = all();
    let measured = stream::iter(&scenarios).map(async |scenario| {
        let cost = cost(scenario).await;
        (scenario.name.to_owned(), cost)
    });
    let costs: Costs = measured.buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(costs.len(), scenarios.len(), "each has a name of its own");

    let kept = &costs["score: kept"];
    assert!(kept.round_trips <= 2, "{kept:?}");
    assert!(kept.write_units <= 1.0, "{kept:?}");
    assert_eq!(kept.calls["DynamoDB UpdateItem"], 1, "the admission");
    for free in ["401, no key of ours", "429, over the minute again"] {
        assert_eq!(costs[&format!("refused: {free}")].round_trips, 0);
    }
    let json = serde_json::to_string_pretty(&costs).unwrap() + "\n";
    expect_file!["../bench/costs.json"].assert_eq(&json);
}

/// What the act of a scenario costs.
async fn cost(scenario: &Scenario) -> Cost {
    let measured = Counted::new().await;
    let stage = Stage {
        app: measured.app.clone(),
        subject: measured.counted.clone(),
        is_small: false,
    };
    let act = scenario.set_up(stage).await;
    let (cost, done) = measured.cost_of(act.run()).await;
    assert_eq!(done.status, act.status, "{}: {done:?}", scenario.name);
    cost
}
