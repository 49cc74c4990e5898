//! A fault at every AWS call of every scenario: what holds afterwards, and that the next run heals what it left
//! (docs/decisions/0029). `ASSAY_FAULTS` selects: see tests/README.md.

mod chosen;
mod counted;
mod normal;
mod rules;
mod run;
mod state;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures::{StreamExt, stream};
use tests::Plan;

use crate::scenarios::{Scenario, all};
use chosen::Chosen;
use run::{Faulted, Known};

/// Threads that run scenarios, and runs of a scenario at once.
const THREADS: usize = 2;
const AT_ONCE: usize = 6;

/// What was run, and what was broken by it.
#[derive(Debug, Default)]
struct Report {
    calls: usize,
    runs: usize,
    broken: Vec<String>,
    /// The endpoints that were called.
    endpoints: BTreeSet<String>,
}

impl Report {
    fn add(&mut self, other: Self) {
        self.endpoints.extend(other.endpoints);
        self.calls += other.calls;
        self.runs += other.runs;
        self.broken.extend(other.broken);
    }
}

#[test]
fn every_call_of_every_scenario() {
    let (chosen, next) = (Chosen::from_env(), AtomicUsize::new(0));
    let report = Mutex::new(Report::default());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = runtime.enable_all().build().unwrap();
                let scenarios = all();
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if !scenario.is_only_measured && chosen.has(scenario.name) {
                        let checked = runtime.block_on(check(scenario, &chosen));
                        report.lock().unwrap().add(checked);
                    }
                }
            });
        }
    });
    let Report {
        calls,
        runs,
        broken,
        endpoints: called,
    } = report.into_inner().unwrap();
    println!("{runs} runs at {calls} calls");
    assert!(runs > 0, "no scenario is chosen");
    if !matches!(chosen, Chosen::Of(_)) {
        let all = endpoints::all().map(endpoints::Endpoint::name);
        let missing: Vec<String> = all.filter(|name| !called.contains(name)).collect();
        assert_eq!(missing, Vec::<String>::new(), "have no scenario");
    }
    let number = broken.len();
    assert!(
        broken.is_empty(),
        "{number} of {runs}:\n{}",
        broken.join("\n")
    );
}

/// Runs a scenario without a fault, and with each that is chosen.
#[expect(
    clippy::disallowed_methods,
    reason = "it shows how long a scenario takes"
)]
async fn check(scenario: &Scenario, chosen: &Chosen) -> Report {
    let started = Instant::now();
    let known = Known::of(scenario).await;
    let without = rules::without_a_fault(&known).into_iter();
    let without = without.map(|what| format!("{}: without a fault: {what}", scenario.name));
    let plans = chosen.plans(scenario.name, &known.requests);
    let runs = stream::iter(&plans).map(|plan| one(scenario, *plan, &known));
    let broken: Vec<Option<String>> = runs.buffer_unordered(AT_ONCE).collect().await;
    let report = Report {
        calls: known.requests.len(),
        runs: plans.len(),
        endpoints: known.act.endpoint.iter().map(|of| of.name()).collect(),
        broken: without.chain(broken.into_iter().flatten()).collect(),
    };
    println!(
        "{}: {} calls, {} runs, {} broken, {} ms",
        scenario.name,
        report.calls,
        report.runs,
        report.broken.len(),
        started.elapsed().as_millis()
    );
    for broken in &report.broken {
        println!("{broken}");
    }
    report
}

/// Runs a scenario with a fault; returns what is broken by it.
async fn one(scenario: &Scenario, plan: Plan, known: &Known) -> Option<String> {
    let run = Faulted::of(scenario, plan, known).await;
    let broken = rules::broken(known, &run, plan);
    let Plan { at, fault, reach } = plan;
    let later: Vec<u16> = run.later.iter().map(|step| step.done.status).collect();
    (!broken.is_empty()).then(|| {
        format!(
            "{}: {fault:?} {reach:?} at {at} of {:?}: {}, then {later:?}\n    {}",
            scenario.name,
            run.happened.requests,
            run.first.done.status,
            broken.join("\n    ")
        )
    })
}
