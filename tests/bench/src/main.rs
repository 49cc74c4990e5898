//! `make bench`: measures, prints, and writes tests/bench/results.json and RESULTS.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use bench::artefacts::Artefacts;
use bench::needs::Needs;
use bench::record::Record;
use bench::sections::{Context, Name};
use clap::{Parser, ValueEnum};

#[derive(Debug, Parser)]
#[command(about = "Measures Assay beside its baselines, on this machine's loopback only")]
struct Options {
    /// What to measure; everything if left out
    #[arg(value_enum)]
    only: Vec<Name>,
    /// Only list what would be built, installed and started
    #[arg(long)]
    list: bool,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
    /// The stack.json of a local stack, for the sections that work on one
    #[arg(long, env = "ASSAY_STACK_FILE")]
    stack: Option<PathBuf>,
    /// Leave tests/bench/results.json and RESULTS.md as they are
    #[arg(long)]
    dry: bool,
}

fn main() -> ExitCode {
    match measure(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every check that must hold does.
fn measure(options: &Options) -> Result<bool> {
    let names = if options.only.is_empty() {
        Name::value_variants()
    } else {
        &options.only
    };
    let needs = Needs::union(names.iter().map(|name| name.needs()));
    if options.list {
        print!("{needs}");
        return Ok(true);
    }
    let root = repository()?;
    let folder = root.join("tests/bench");
    let target = target()?;
    let scratch = target.join("bench");
    fs::create_dir_all(&scratch)?;
    let mut record = Record::read(&folder)?;
    let artefacts = Artefacts::build(&root, &needs.subjects)?;
    let mut holds = true;
    for (index, name) in names.iter().enumerate() {
        eprintln!("[{}/{}] {name}", index + 1, names.len());
        let context = Context {
            root: root.clone(),
            target: target.clone(),
            scratch: scratch.clone(),
            artefacts: artefacts.clone(),
            stack: options.stack.clone(),
            recorded: record.section(*name).cloned(),
        };
        let section = name.run(&context).with_context(|| name.to_string())?;
        holds &= section
            .checks
            .iter()
            .all(|check| check.is_met() || !check.fails);
        if !options.json {
            println!("{}", section.terminal());
        }
        record.put(*name, section, &root)?;
        if !options.dry {
            record.write(&folder)?;
        }
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&record)?);
    }
    Ok(holds)
}

/// Where `cargo run` was called: a target folder that two clones share may hold the other's program.
fn repository() -> Result<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").context("run it by `make bench`")?;
    Path::new(&package)
        .ancestors()
        .nth(2)
        .map(Path::to_owned)
        .context("tests/bench has no repository around it")
}

/// This program is in a profile's folder there.
fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).map(Path::to_owned);
    target.context("the program is not where cargo puts it")
}
