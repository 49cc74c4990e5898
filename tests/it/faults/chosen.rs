//! Which faults are run.

use config::Env;
use tests::{Fault, Plan, Reach};

/// The faults of a run of the tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// A part of them at each call of every scenario, the same each time.
    Part,
    /// All of them at each call of every scenario.
    All,
    /// All of them at each call of the scenarios whose name has this in it.
    Of(String),
}

impl Chosen {
    /// From `ASSAY_FAULTS`: nothing, `all`, or a part of a scenario's name.
    pub(super) fn from_env() -> Self {
        match Env::process().optional("ASSAY_FAULTS") {
            None => Self::Part,
            Some(all) if all == "all" => Self::All,
            Some(part) => Self::Of(part),
        }
    }

    /// Whether a scenario is run.
    pub(super) fn has(&self, scenario: &str) -> bool {
        match self {
            Self::Part | Self::All => true,
            Self::Of(part) => scenario.contains(part),
        }
    }

    /// The faults of a scenario whose act has these requests.
    pub(super) fn plans(&self, scenario: &str, requests: &[String]) -> Vec<Plan> {
        // Another fault at the first call of each scenario, so that the part has every fault at every kind of call.
        let turn: usize = scenario.bytes().map(usize::from).sum();
        let each = requests.iter().enumerate();
        let each = each.filter(|(at, _)| !is_one_of_many(requests, *at));
        let each = each.flat_map(|(at, operation)| {
            let is_chosen = move |fault: Fault, reach: Reach| match self {
                Self::All | Self::Of(_) => true,
                Self::Part => is_part(turn + at, operation, fault, reach),
            };
            let faults = Fault::ALL
                .into_iter()
                .flat_map(move |fault| Reach::ALL.map(|reach| Plan { at, fault, reach }));
            faults.filter(move |plan| is_chosen(plan.fault, plan.reach))
        });
        each.collect()
    }
}

/// Of each call two faults in turn, one that meets it once and one that meets its repetitions too; and of each write the
/// loss of its response, both ways.
fn is_part(turn: usize, operation: &str, fault: Fault, reach: Reach) -> bool {
    let in_turn = |turn: usize| Fault::ALL[turn % Fault::ALL.len()] == fault;
    let is_lost = fault == Fault::Reset && is_write(operation);
    match reach {
        Reach::Once => is_lost || in_turn(turn),
        Reach::Repeats => is_lost || in_turn(turn + 2),
        Reach::Onwards => false,
    }
}

/// Whether a request has the same operation as the two before it and the one after: of many in a row the first two and the
/// last stand for all.
fn is_one_of_many(requests: &[String], at: usize) -> bool {
    let first = at.saturating_sub(2);
    let near = requests.get(first..=at + 1).unwrap_or_default();
    near.len() == 4 && near.iter().all(|operation| operation == &near[0])
}

fn is_write(operation: &str) -> bool {
    let reads = ["GetItem", "Query", "Scan", "GET"];
    !reads.iter().any(|read| operation.ends_with(read))
}

#[test]
fn a_part_has_two_faults_of_each_call_and_the_loss_of_each_write() {
    let requests = ["DynamoDB Query", "S3 PUT", "SQS SendMessageBatch"].map(str::to_owned);
    for scenario in ["a", "b", "c", "d", "e"] {
        let part = Chosen::Part.plans(scenario, &requests);
        for (at, operation) in requests.iter().enumerate() {
            let of = part.iter().filter(|plan| plan.at == at);
            let reaches: Vec<Reach> = of.clone().map(|plan| plan.reach).collect();
            assert!(reaches.contains(&Reach::Once) && reaches.contains(&Reach::Repeats));
            let lost = of.filter(|plan| plan.fault == Fault::Reset).count();
            assert!(lost == 2 || !is_write(operation), "{part:?}");
        }
    }
    let many = vec!["DynamoDB UpdateItem".to_owned(); 9];
    let at: std::collections::BTreeSet<usize> = Chosen::All
        .plans("a", &many)
        .iter()
        .map(|plan| plan.at)
        .collect();
    assert_eq!(at, [0, 1, 8].into());
    let all = Chosen::All.plans("a", &requests);
    assert_eq!(
        all.len(),
        requests.len() * Fault::ALL.len() * Reach::ALL.len()
    );
}
