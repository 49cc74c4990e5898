//! The bill of a month in docs/operating.md: from the costs that the tests count and the list prices.

use std::fmt::Write as _;
use std::path::Path;

use bench::{costs, prices};

use super::documents::read;

/// A score that is kept, of a warm instance.
const CALL: &str = "score: kept";
/// What a call of a service takes at most, in seconds, and a function's memory, in GB; as `make bench ONLY=cost` assumes.
const SECONDS_A_CALL: f64 = 0.005;
const GIGABYTES: f64 = 0.5;
/// Of a call, in bytes: its lines of logs (docs/design/operations.md), and its response with headers.
const LOGGED: f64 = 700.0;
const RESPONSE: f64 = 5_200.0;
/// Runs of the refresher in a month.
const RUNS: f64 = 12.0 * 24.0 * 30.0;
/// Requests by which Lambda polls one idle queue in a month: five at a time, of 20 seconds each.
const POLLS: f64 = 5.0 * 3.0 * 60.0 * 24.0 * 30.0;

/// Dollars of a month, by part, at so many million calls.
fn parts(million: f64) -> Vec<(&'static str, f64)> {
    let costs = costs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))).unwrap();
    let (call, run) = (&costs[CALL], &costs["refresher: nothing due"]);
    let dynamo = |cost: &costs::Cost| {
        cost.read_units * prices::READ_UNITS + cost.write_units * prices::WRITE_UNITS
    };
    let lambda = |cost: &costs::Cost| {
        let calls = f64::from(u32::try_from(cost.round_trips).unwrap());
        prices::INVOCATIONS + calls * SECONDS_A_CALL * GIGABYTES * prices::GIGABYTE_SECONDS
    };
    let template = read("template.yaml");
    let count = |resource: &str| {
        let lines = template
            .lines()
            .filter(|line| line.trim() == format!("Type: {resource}"));
        f64::from(u32::try_from(lines.count()).unwrap())
    };
    let polled = template.lines().filter(|line| {
        let line = line.trim();
        line.starts_with("EventSourceArn: !GetAtt ") && line.ends_with("Queue.Arn")
    });
    let polls = f64::from(u32::try_from(polled.count()).unwrap()) * POLLS;
    let logs = LOGGED / 1_000.0 * (prices::A_GIGABYTE_OF_LOGS + prices::A_GIGABYTE_OF_LOGS_KEPT);
    vec![
        ("DynamoDB", million * dynamo(call)),
        ("Lambda", million * lambda(call)),
        ("API Gateway", million * prices::HTTP_API_REQUESTS),
        ("Logs", million * logs),
        (
            "Data out",
            million * RESPONSE / 1_000.0 * prices::A_GIGABYTE_OUT,
        ),
        ("Alarms", count("AWS::CloudWatch::Alarm") * prices::AN_ALARM),
        ("Key of webhooks", count("AWS::KMS::Key") * prices::A_KEY),
        (
            "Metrics of logs",
            count("AWS::Logs::MetricFilter") * prices::A_METRIC,
        ),
        ("Polling the queues", polls / 1e6 * prices::SQS_REQUESTS),
        (
            "Refresher, nothing due",
            RUNS / 1e6 * (dynamo(run) + lambda(run)),
        ),
    ]
}

fn bill() -> String {
    let months = [0.0, 1.0, 100.0].map(parts);
    let mut table = String::from("| | no calls | 1 million | 100 million |\n|---|--:|--:|--:|\n");
    for (part, (name, _)) in months[0].iter().enumerate() {
        let [none, one, hundred] = months.each_ref().map(|month| month[part].1);
        writeln!(table, "| {name} | ${none:.2} | ${one:.2} | ${hundred:.2} |").unwrap();
    }
    let [none, one, hundred] =
        months.map(|month| month.iter().map(|(_, dollars)| dollars).sum::<f64>());
    writeln!(
        table,
        "| **sum** | **${none:.2}** | **${one:.2}** | **${hundred:.2}** |"
    )
    .unwrap();
    table
}

#[test]
fn is_that_of_the_counted_calls_and_the_list_prices() {
    let bill = bill();
    assert!(
        read("docs/operating.md").contains(&bill),
        "docs/operating.md should have this table:\n\n{bill}"
    );
}
