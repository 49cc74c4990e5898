//! US dollars per million of every piece of work, from the calls that the tests count and AWS's list prices.

use anyhow::{Context as _, Result};

use super::Context;
use crate::costs::{self, Cost};
use crate::prices;
use crate::report::{Bound, Check, Section, Table, Unit};

/// What a call of a service takes at most on AWS, within a region and on a warm connection.
const SECONDS_A_CALL: f64 = 0.005;
/// What a function takes that calls nothing.
const SECONDS_AT_LEAST: f64 = 0.001;

/// The scored request that the target is of.
const WARM: &str = "score: kept";
const WARM_DOLLARS: f64 = 1.10;

/// How the names begin, in the order of the tables.
const ORDER: [&str; 13] = [
    "score",
    "insight",
    "refused",
    "signals",
    "bulk:",
    "outbox",
    "bulk-worker",
    "import",
    "watchlist",
    "refresher",
    "usage",
    "credits",
    "keys",
];

/// Dollars per million, by service.
struct Bill {
    dynamo: f64,
    lambda: f64,
    s3: f64,
    sqs: f64,
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let costs = costs::read(&context.root)?;
    let calls = [
        ("calls", Unit::Count),
        ("read units", Unit::Units),
        ("write units", Unit::Units),
    ];
    let dollars = ["DynamoDB", "Lambda", "S3", "SQS", "sum", "front door"];
    let dollars = dollars.map(|name| (name, Unit::Dollars));
    let mut asked = Table::new("Calls and request units", &calls);
    let mut billed = Table::new("US dollars per million", &dollars);
    let mut sorted: Vec<(&String, &Cost)> = costs.iter().collect();
    sorted.sort_by_key(|(name, _)| ORDER.iter().position(|begins| name.starts_with(begins)));
    for (name, cost) in sorted {
        let trips = f64::from(u32::try_from(cost.round_trips)?);
        asked.row(name, [trips, cost.read_units, cost.write_units].map(Some));
        let bill = Bill::of(name, cost)?;
        let front = (!is_worker(name)).then_some(prices::HTTP_API_REQUESTS);
        let services = [bill.dynamo, bill.lambda, bill.s3, bill.sqs, bill.sum()];
        billed.row(name, services.map(Some).into_iter().chain([front]));
    }
    let warm = costs.get(WARM).with_context(|| WARM.to_owned())?;
    let check = |what: &str, figure, unit, most| Check {
        what: format!("{WARM}: {what}"),
        figure,
        unit,
        bound: Bound::AtMost(most),
        fails: true,
    };
    Ok(Section {
        title: "Cost".to_owned(),
        tables: vec![billed, asked],
        checks: vec![
            check(
                "dollars per million before the front door",
                Bill::of(WARM, warm)?.sum(),
                Unit::Dollars,
                WARM_DOLLARS,
            ),
            check("write units", warm.write_units, Unit::Units, 1.0),
            check(
                "calls",
                f64::from(u32::try_from(warm.round_trips)?),
                Unit::Count,
                2.0,
            ),
        ],
        notes: notes(),
    })
}

impl Bill {
    fn of(name: &str, cost: &Cost) -> Result<Self> {
        let count = |prefix| u32::try_from(cost.calls_of(prefix)).map(f64::from);
        let (calls, sent) = (count("")?, count("SQS")?);
        let seconds = (calls * SECONDS_A_CALL).max(SECONDS_AT_LEAST);
        Ok(Self {
            dynamo: cost.read_units * prices::READ_UNITS + cost.write_units * prices::WRITE_UNITS,
            lambda: prices::INVOCATIONS + seconds * gigabytes(name) * prices::GIGABYTE_SECONDS,
            s3: count("S3 PUT")? * prices::S3_PUTS + count("S3 GET")? * prices::S3_GETS,
            sqs: sent * (prices::SQS_REQUESTS + prices::SQS_FAIR)
                + received(name) * prices::SQS_REQUESTS,
        })
    }

    fn sum(&self) -> f64 {
        self.dynamo + self.lambda + self.s3 + self.sqs
    }
}

/// Memory of the function, as template.yaml has it.
fn gigabytes(name: &str) -> f64 {
    if ["bulk", "import"]
        .iter()
        .any(|function| name.starts_with(function))
    {
        1.0
    } else {
        0.5
    }
}

/// Requests of the queue that Lambda makes to hand a message over: it receives it and deletes it. S3 sends the one of an
/// import; the others are in the outbox's cost.
fn received(name: &str) -> f64 {
    match name.split(':').next() {
        Some("bulk-worker") => 2.0,
        Some("import") => 3.0,
        _ => 0.0,
    }
}

/// Whether it is work that no HTTP request waits for.
fn is_worker(name: &str) -> bool {
    ["bulk-worker", "import", "outbox", "refresher"]
        .iter()
        .any(|worker| name.starts_with(worker))
}

fn notes() -> Vec<String> {
    [
        "The calls and units are counted by `tests/it/costs` through the real routers and workers, retries included, and \
         checked in as `costs.json`: a change to any of them fails `make test`. Prices are list prices in us-east-1 \
         (`src/prices.rs`), without free tiers.",
        "Lambda's time is assumed, not measured: 5 ms for every call, one after the other, at the memory that template.yaml \
         gives the function (512 MB; bulk, bulk-worker and import 1,024 MB), on arm64. Where calls run side by side that is \
         too much. A warm scored request billed with 2 ms at 128 MB would be $0.063 less.",
        "One message an invocation, though the queues hand over up to two. Not in it: empty receives of idle queues, \
         writes that DynamoDB makes to the index of the workspace table (a unit for an entry of a watchlist that is added or \
         removed, two for one whose score has changed and for a company that is refreshed), storage, log lines, data sent to callers.",
    ]
    .map(str::to_owned)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Units;

    #[test]
    fn a_bill_is_the_sum_of_its_parts() {
        let mut cost = Cost::default();
        let units = |read, write| Units { read, write };
        cost.add("DynamoDB UpdateItem".to_owned(), units(0.0, 1.0));
        cost.add("DynamoDB BatchGetItem".to_owned(), units(1.0, 0.0));
        let bill = Bill::of("score: kept", &cost).unwrap();
        let text = format!("{:.4} {:.4} {:.4}", bill.dynamo, bill.lambda, bill.sum());
        assert_eq!(text, "0.7500 0.2667 1.0167");
    }
}
