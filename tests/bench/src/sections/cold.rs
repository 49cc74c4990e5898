//! From a function's start to its first poll of the Runtime API: what a caller waits for before the handler is there.

use anyhow::Result;

use super::Context;
use crate::artefacts;
use crate::callgrind::Count;
use crate::function::{Function, Start};
use crate::needs::{FUNCTIONS, HELLO, Needs, PEERS, SDK_DEFAULTS, Subject};
use crate::report::{Bound, Check, Section, Table, Unit};
use crate::sample::Sample;
use crate::scene::Scene;

const STARTS: usize = 50;
/// How far the instructions of a start may rise above the recorded figure.
const DRIFT: f64 = 1.1;
const INSTRUCTIONS: &str = "instructions";

/// One function's starts.
#[derive(Default)]
struct Starts {
    wall: Sample,
    cpu: Sample,
    resident: Sample,
    peak: Sample,
    instructions: Option<f64>,
}

pub(super) fn needs() -> Needs {
    let beside = [HELLO, SDK_DEFAULTS].into_iter().chain(PEERS);
    Needs::with_dynoxide(FUNCTIONS.into_iter().chain(beside))
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let scene = context.scene(&needs())?;
    let mut subjects: Vec<(&Function, Starts)> = scene
        .functions
        .iter()
        .map(|function| (function, Starts::default()))
        .collect();
    for round in 1..=STARTS {
        // There and back, so that nobody always comes after the one that leaves the caches coldest.
        subjects.reverse();
        for (function, starts) in &mut subjects {
            eprintln!("  cold: {} {round}/{STARTS}", function.name);
            starts.once(function, &scene)?;
        }
    }
    // An even number of starts has left them in their order.
    const { assert!(STARTS.is_multiple_of(2)) };
    for (function, starts) in &mut subjects {
        eprintln!("  cold: {} under callgrind", function.name);
        starts.instructions = counted(function, &scene)?;
    }
    Ok(Section {
        title: "Cold start".to_owned(),
        tables: vec![table(&subjects)],
        checks: checks(context, &subjects)?,
        notes: vec![format!(
            "{STARTS} starts each, in turn, as release binaries with DynamoDB beside them; a Lambda adds the start of its sandbox."
        )],
    })
}

impl Starts {
    fn once(&mut self, function: &Function, scene: &Scene) -> Result<()> {
        let instance = function.start(&scene.folder, Start::Free, &[])?;
        self.wall.push(instance.started()?.as_secs_f64() * 1e3);
        self.cpu.push(instance.process.cpu()?.as_secs_f64() * 1e3);
        let (resident, peak) = instance.process.memory()?;
        self.resident.push(resident);
        self.peak.push(peak);
        Ok(())
    }
}

/// Instructions to the first poll; none where callgrind cannot run the program.
fn counted(function: &Function, scene: &Scene) -> Result<Option<f64>> {
    let count = Count::into(&scene.folder, &function.name);
    let instance = function.start(&scene.folder, Start::Counted(&count), &[])?;
    instance.started()?;
    instance.process.terminate()?;
    count.instructions().map(Some)
}

fn table(subjects: &[(&Function, Starts)]) -> Table {
    let mut table = Table::new(
        "From the start of the process to the first poll",
        &[
            (INSTRUCTIONS, Unit::Instructions),
            ("CPU", Unit::Milliseconds),
            ("p50", Unit::Milliseconds),
            ("p99", Unit::Milliseconds),
            ("resident", Unit::Bytes),
            ("at its peak", Unit::Bytes),
            ("binary", Unit::Bytes),
            ("zip", Unit::Bytes),
        ],
    );
    for (function, starts) in subjects {
        table.row(
            &function.name,
            [
                starts.instructions,
                starts.cpu.median(),
                starts.wall.median(),
                starts.wall.percentile(99),
                starts.resident.median(),
                starts.peak.median(),
                function.package.binary,
                Some(function.package.zip),
            ],
        );
    }
    table
}

fn checks(context: &Context, subjects: &[(&Function, Starts)]) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for function in FUNCTIONS {
        let name = function.name();
        let linked = artefacts::linked(&context.root, function, "aws-lc-sys")?;
        checks.push(Check {
            what: format!("{name}: aws-lc-sys among what is linked"),
            figure: linked,
            unit: Unit::Count,
            bound: Bound::AtMost(0.0),
            fails: true,
        });
    }
    let starts_of = |name: &str| {
        let found = subjects.iter().find(|(function, _)| function.name == name);
        found.map(|(function, starts)| (*function, starts))
    };
    let hello = starts_of("hello").and_then(|(_, starts)| starts.wall.median());
    for name in FUNCTIONS.map(Subject::name) {
        let Some((function, starts)) = starts_of(name) else {
            continue;
        };
        let wall = starts.wall.median();
        let times = wall.zip(hello).map(|(wall, hello)| wall / hello);
        let targets = [
            (
                "instructions",
                starts.instructions,
                Unit::Instructions,
                2.5e6,
            ),
            ("binary", function.package.binary, Unit::Bytes, 8e6),
            ("resident", starts.resident.median(), Unit::Bytes, 8e6),
            ("p50 to hello's", times, Unit::Times, 1.6),
        ];
        for (what, figure, unit, most) in targets {
            checks.extend(figure.map(|figure| Check {
                what: format!("{name}: {what}"),
                figure,
                unit,
                bound: Bound::AtMost(most),
                fails: false,
            }));
        }
    }
    let recorded = context.recorded.as_ref().and_then(recorded);
    let now = starts_of("score").and_then(|(_, starts)| starts.instructions);
    checks.extend(recorded.zip(now).map(|(recorded, figure)| Check {
        what: "score: instructions, to those recorded".to_owned(),
        figure: figure / recorded,
        unit: Unit::Times,
        bound: Bound::AtMost(DRIFT),
        fails: true,
    }));
    Ok(checks)
}

/// The instructions of the score function's start in an earlier section.
fn recorded(section: &Section) -> Option<f64> {
    let table = section.tables.first()?;
    let row = table.rows.iter().find(|row| row.subject == "score")?;
    let mut columns = table.columns.iter().zip(&row.figures);
    *columns.find(|(column, _)| column.name == INSTRUCTIONS)?.1
}
