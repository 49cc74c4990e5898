//! Requests to a running function, one after the other as Lambda hands them out.

use anyhow::Result;

use super::Context;
use crate::callgrind::Count;
use crate::function::{Function, Instance, Start, succeeded};
use crate::needs::{HELLO, Needs, PEERS, SCORE, SDK_DEFAULTS};
use crate::relay::Watch;
use crate::report::{Bound, Check, Section, Table, Unit};
use crate::sample::Sample;
use crate::scene::Scene;

const ROUNDS: usize = 5;
const REQUESTS: u32 = 400;
/// Lengths of the two runs whose difference is counted.
const FEW: u32 = 20;
const MANY: u32 = 80;

/// One function's requests.
#[derive(Default)]
struct Requests {
    /// Milliseconds from handing an event out to its answer.
    latency: Sample,
    /// A second.
    rate: Sample,
    /// Microseconds of CPU a request.
    cpu: Sample,
}

pub(super) fn needs() -> Needs {
    Needs::with_dynoxide([SCORE, HELLO, SDK_DEFAULTS].into_iter().chain(PEERS))
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let scene = context.scene(&needs())?;
    let mut subjects = Vec::new();
    for function in &scene.functions {
        let instance = function.start(&scene.folder, Start::Free, &[])?;
        instance.started()?;
        // The first rounds fill caches, and let the runtimes compile what they see often.
        Requests::default().round(&instance, function.event()?)?;
        subjects.push((function, instance, Requests::default()));
    }
    for round in 1..=ROUNDS {
        for (function, instance, requests) in &mut subjects {
            eprintln!("  warm: {} {round}/{ROUNDS}", function.name);
            requests.round(instance, function.event()?)?;
        }
    }
    let mut table = Table::new(
        "A request to a running function",
        &[
            ("instructions", Unit::Instructions),
            ("CPU", Unit::Microseconds),
            ("p50", Unit::Milliseconds),
            ("p99", Unit::Milliseconds),
            ("requests", Unit::PerSecond),
            ("DynamoDB calls", Unit::Units),
        ],
    );
    let mut checks = Vec::new();
    let ours = subjects
        .first()
        .and_then(|(_, _, requests)| requests.latency.median());
    for (function, _, requests) in &subjects {
        let (instructions, calls) = counted(function, &scene)?;
        let p50 = requests.latency.median();
        table.row(
            &function.name,
            [
                Some(instructions),
                requests.cpu.median(),
                p50,
                requests.latency.percentile(99),
                requests.rate.median(),
                Some(calls),
            ],
        );
        match function.name.as_str() {
            "score" => checks.push(Check {
                what: "score: instructions".to_owned(),
                figure: instructions,
                unit: Unit::Instructions,
                bound: Bound::AtMost(1.1e6),
                fails: false,
            }),
            "python" | "node" => checks.extend(p50.zip(ours).map(|(p50, ours)| Check {
                what: format!("score: p50, so many times quicker than {}", function.name),
                figure: p50 / ours,
                unit: Unit::Times,
                bound: Bound::AtLeast(3.0),
                fails: false,
            })),
            _ => {}
        }
    }
    Ok(Section {
        title: "Warm requests".to_owned(),
        tables: vec![table],
        checks,
        notes: vec![format!(
            "{ROUNDS} rounds of {REQUESTS} requests each, in turn; DynamoDB is a process beside them, without TLS. \
             Instructions and calls are the difference between runs of {FEW} and {MANY} requests."
        )],
    })
}

impl Requests {
    fn round(&mut self, instance: &Instance, event: &[u8]) -> Result<()> {
        let before = instance.process.cpu()?;
        let started = std::time::Instant::now();
        let mut ended = started;
        for _ in 0..REQUESTS {
            instance.api.put(event)?;
        }
        for _ in 0..REQUESTS {
            let answer = instance.api.answer(|| instance.process.has_ended())?;
            succeeded(&answer)?;
            self.latency.push(answer.after.as_secs_f64() * 1e3);
            ended = answer.at;
        }
        let cpu = instance.process.cpu()?.saturating_sub(before);
        let requests = f64::from(REQUESTS);
        self.rate.push(requests / (ended - started).as_secs_f64());
        self.cpu.push(cpu.as_secs_f64() * 1e6 / requests);
        Ok(())
    }
}

/// Instructions and DynamoDB calls a request.
fn counted(function: &Function, scene: &Scene) -> Result<(f64, f64)> {
    let (few, many) = (
        run_of(FEW, function, scene)?,
        run_of(MANY, function, scene)?,
    );
    let requests = f64::from(MANY - FEW);
    Ok(((many.0 - few.0) / requests, (many.1 - few.1) / requests))
}

/// Instructions and DynamoDB calls of an instance that answers so many requests.
fn run_of(requests: u32, function: &Function, scene: &Scene) -> Result<(f64, f64)> {
    eprintln!(
        "  warm: {} under callgrind, {requests} requests",
        function.name
    );
    let relay = Watch::start(scene.dynamo.address(), None)?;
    let endpoint = format!("http://127.0.0.1:{}", relay.port());
    let variables = [("AWS_ENDPOINT_URL".to_owned(), endpoint)];
    let count = Count::into(&scene.folder, &function.name);
    let instance = function.start(&scene.folder, Start::Counted(&count), &variables)?;
    for _ in 0..requests {
        instance.invoke(function.event()?)?;
    }
    instance.process.terminate()?;
    let calls = relay.answered().iter().fold(0.0, |sum, _| sum + 1.0);
    Ok((count.instructions()?, calls))
}
