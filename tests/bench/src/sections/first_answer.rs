//! From a function's start to its first answer, DynamoDB behind TLS: at full speed, and with the CPU that Lambda gives.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::Context;
use crate::callgrind::Count;
use crate::cpu_share::CpuShare;
use crate::function::{Function, Start};
use crate::needs::{Needs, PEERS, SCORE, SDK_DEFAULTS};
use crate::relay::Watch;
use crate::report::{Bound, Check, Section, Table, Unit};
use crate::sample::Sample;
use crate::tls::Tls;

const STARTS: usize = 5;
const MEMORY: [u64; 3] = [128, 512, 1_769];

/// From when on the CPU is a share.
#[derive(Clone, Copy)]
enum Limit<'a> {
    Never,
    AfterInit(&'a CpuShare),
    FromTheStart(&'a CpuShare),
}

/// Times from the start, in milliseconds.
#[derive(Default)]
struct Laps {
    dynamo: Sample,
    answer: Sample,
    cpu: Sample,
}

struct Setting<'a> {
    folder: &'a Path,
    relay: Watch,
    tls: Tls,
}

pub(super) fn needs() -> Needs {
    Needs::with_dynoxide([SCORE, SDK_DEFAULTS].into_iter().chain(PEERS))
}

pub(super) fn run(context: &Context) -> Result<Section> {
    let scene = context.scene(&needs())?;
    let tls = Tls::new(&scene.folder)?;
    let setting = Setting {
        folder: &scene.folder,
        relay: Watch::start(scene.dynamo.address(), Some(tls.server.clone()))?,
        tls,
    };
    let subjects: Vec<&Function> = scene.functions.iter().collect();
    let shares: Result<Vec<CpuShare>> = MEMORY.into_iter().map(CpuShare::of).collect();

    let free = setting.laps("full CPU", &subjects, Limit::Never)?;
    let mut full = Table::new(
        "At full speed",
        &[
            ("instructions to the first poll", Unit::Instructions),
            ("to the first score", Unit::Instructions),
            ("CPU", Unit::Milliseconds),
            ("first DynamoDB answer", Unit::Milliseconds),
            ("first score", Unit::Milliseconds),
        ],
    );
    let mut checks = Vec::new();
    for (function, laps) in subjects.iter().zip(&free) {
        // It alone has asked DynamoDB before it polls; the start of the others is as in the section on cold starts.
        let to_poll = match function.name.as_str() {
            "score" => Some(setting.counted(function, None)?),
            _ => None,
        };
        let to_score = setting.counted(function, function.event.as_deref())?;
        let times = [&laps.cpu, &laps.dynamo, &laps.answer].map(Sample::median);
        full.row(
            &function.name,
            [to_poll, Some(to_score)].into_iter().chain(times),
        );
        checks.extend(to_poll.map(|figure| {
            target(
                "instructions to the first DynamoDB answer",
                figure,
                Unit::Instructions,
                8e6,
            )
        }));
    }

    let mut tables = vec![full];
    let mut notes = vec![format!(
        "Medians of {STARTS} starts. The certificates are ECDSA P-256, three deep; DynamoDB's are RSA 2048, which costs a \
         client a little less to verify. Nothing is between the two but the loopback."
    )];
    match shares {
        Ok(shares) => {
            let (table, first) = setting.limited(
                "With a share of the CPU after INIT, as Lambda gives it",
                &subjects,
                &shares,
                Limit::AfterInit,
            )?;
            tables.push(table);
            let (table, _) = setting.limited(
                "With a share of the CPU from the start",
                &subjects,
                &shares,
                Limit::FromTheStart,
            )?;
            tables.push(table);
            checks.extend(first.map(|figure| {
                target(
                    "first DynamoDB answer at 128 MB, INIT at full speed",
                    figure,
                    Unit::Milliseconds,
                    30.0,
                )
            }));
        }
        Err(error) => notes.push(format!("Shares of a CPU were left out: {error:#}.")),
    }
    Ok(Section {
        title: "First answer".to_owned(),
        tables,
        checks,
        notes,
    })
}

impl Setting<'_> {
    /// A table by share of the CPU, and score's median to the first DynamoDB answer with the least of them.
    fn limited<'a>(
        &self,
        title: &str,
        subjects: &[&Function],
        shares: &'a [CpuShare],
        limit: fn(&'a CpuShare) -> Limit<'a>,
    ) -> Result<(Table, Option<f64>)> {
        let mut columns = Vec::new();
        let mut figures = vec![Vec::new(); subjects.len()];
        for (megabytes, share) in MEMORY.iter().zip(shares) {
            columns.push(format!("{megabytes} MB: DynamoDB"));
            columns.push(format!("{megabytes} MB: score"));
            let laps = self.laps(&format!("{megabytes} MB"), subjects, limit(share))?;
            for (row, laps) in figures.iter_mut().zip(laps) {
                row.extend([laps.dynamo.median(), laps.answer.median()]);
            }
        }
        let columns: Vec<(&str, Unit)> = columns
            .iter()
            .map(|name| (name.as_str(), Unit::Milliseconds))
            .collect();
        let mut table = Table::new(title, &columns);
        let first = figures.first().and_then(|row| *row.first()?);
        for (function, row) in subjects.iter().zip(figures) {
            table.row(&function.name, row);
        }
        Ok((table, first))
    }

    /// The starts of all subjects, in turn.
    fn laps(&self, what: &str, subjects: &[&Function], limit: Limit<'_>) -> Result<Vec<Laps>> {
        let mut all: Vec<Laps> = subjects.iter().map(|_| Laps::default()).collect();
        for round in 1..=STARTS {
            for (function, laps) in subjects.iter().zip(&mut all) {
                eprintln!("  first answer, {what}: {} {round}/{STARTS}", function.name);
                self.lap(function, limit, laps)
                    .with_context(|| function.name.clone())?;
            }
        }
        Ok(all)
    }

    fn lap(&self, function: &Function, limit: Limit<'_>, laps: &mut Laps) -> Result<()> {
        self.relay.answered();
        let start = match limit {
            Limit::Never | Limit::AfterInit(_) => Start::Free,
            Limit::FromTheStart(share) => Start::Share(share),
        };
        let instance = function.start(self.folder, start, &self.variables(function))?;
        instance.started()?;
        if let Limit::AfterInit(share) = limit {
            share.limit(&instance.process)?;
        }
        let answer = instance.invoke(function.event()?)?;
        let since = |at: Instant| milliseconds(at - instance.process.started());
        laps.answer.push(since(answer.at));
        let answered = self.relay.answered();
        let first = answered.first().context("DynamoDB was not asked")?;
        laps.dynamo.push(since(*first));
        laps.cpu.push(milliseconds(instance.process.cpu()?));
        Ok(())
    }

    /// Instructions to the first poll or, with an event, to its answer.
    fn counted(&self, function: &Function, event: Option<&[u8]>) -> Result<f64> {
        eprintln!("  first answer: {} under callgrind", function.name);
        let count = Count::into(self.folder, &function.name);
        let how = Start::Counted(&count);
        let instance = function.start(self.folder, how, &self.variables(function))?;
        instance.started()?;
        if let Some(event) = event {
            instance.invoke(event)?;
        }
        instance.process.terminate()?;
        count.instructions()
    }

    /// Where DynamoDB is, and how each subject is told to trust it. On Lambda ours has its roots in the binary, and the
    /// SDK's defaults read those of the system.
    fn variables(&self, function: &Function) -> Vec<(String, String)> {
        let (root, roots) = (&self.tls.root, &self.tls.roots);
        let read = if function.name == "score" {
            root
        } else {
            roots
        };
        let variables = [
            (
                "AWS_ENDPOINT_URL",
                format!("https://localhost:{}", self.relay.port()),
            ),
            ("NATIVE_ROOTS", "1".to_owned()),
            ("SSL_CERT_FILE", read.display().to_string()),
            ("AWS_CA_BUNDLE", root.display().to_string()),
            ("NODE_EXTRA_CA_CERTS", root.display().to_string()),
        ];
        variables
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn target(what: &str, figure: f64, unit: Unit, most: f64) -> Check {
    Check {
        what: format!("score: {what}"),
        figure,
        unit,
        bound: Bound::AtMost(most),
        fails: false,
    }
}
