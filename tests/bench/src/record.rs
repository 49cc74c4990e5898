//! `results.json` and `RESULTS.md`: the latest figures of each section, with when, of which commit and on what.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::report::Section;
use crate::sections::Name;

/// The latest figures, by section.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(BTreeMap<String, Measured>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Measured {
    at: Timestamp,
    commit: String,
    machine: String,
    #[serde(flatten)]
    section: Section,
}

impl Record {
    /// The record in a folder; empty if there is none.
    pub fn read(folder: &Path) -> Result<Self> {
        match fs::read(folder.join("results.json")) {
            Ok(json) => serde_json::from_slice(&json).context("results.json"),
            Err(_) => Ok(Self::default()),
        }
    }

    /// The latest figures of a section.
    pub fn section(&self, name: Name) -> Option<&Section> {
        self.0
            .get(&name.to_string())
            .map(|measured| &measured.section)
    }

    /// Replaces the figures of a section.
    pub fn put(&mut self, name: Name, section: Section, root: &Path) -> Result<()> {
        let measured = Measured {
            at: Timestamp::now().round(jiff::Unit::Second)?,
            commit: commit(root)?,
            machine: machine()?,
            section,
        };
        self.0.insert(name.to_string(), measured);
        Ok(())
    }

    /// Writes both files.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        fs::write(folder.join("results.json"), json)?;
        fs::write(folder.join("RESULTS.md"), self.markdown())?;
        Ok(())
    }

    fn markdown(&self) -> String {
        let mut text = String::from(
            "# Results\n\nWritten by `make bench`; [docs/PERFORMANCE.md](../../docs/PERFORMANCE.md) says how to read it. \
             Compare figures within a table only: its rows were measured in one run.\n",
        );
        let names = Name::value_variants().iter();
        let sections = names.filter_map(|name| self.0.get(&name.to_string()));
        for Measured {
            at,
            commit,
            machine,
            section,
        } in sections
        {
            let _ = write!(
                text,
                "\n## {}\n\n{at}, commit {commit}, {machine}\n\n{}",
                section.title,
                section.markdown()
            );
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

/// The commit that is checked out; with a `+` if something is changed since.
fn commit(root: &Path) -> Result<String> {
    let git = |words: &[&str]| -> Result<String> {
        let done = Command::new("git").current_dir(root).args(words).output()?;
        Ok(String::from_utf8(done.stdout)?.trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"])?;
    // The results themselves are written as they come.
    let changed = git(&[
        "status",
        "--porcelain",
        "--",
        ".",
        ":!tests/bench/results.json",
        ":!tests/bench/RESULTS.md",
    ])?;
    Ok(if changed.is_empty() {
        commit
    } else {
        format!("{commit}+")
    })
}

/// What it was measured on.
fn machine() -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("CPU", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Ok(format!("{model}, {cores} cores, Linux {}", kernel.trim()))
}
