//! Executed instructions, which repeat where times do not: <https://valgrind.org/docs/manual/cl-manual.html>.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::Program;

/// Where one run writes its count.
#[derive(Clone, Debug)]
pub struct Count(PathBuf);

impl Count {
    /// A count into a file of this name.
    pub fn into(folder: &Path, name: &str) -> Self {
        Self(folder.join(format!("{name}.callgrind")))
    }

    /// The program under callgrind.
    pub fn program(&self, program: &Program) -> Program {
        let file = format!("--callgrind-out-file={}", self.0.display());
        // The second is for programs that compile themselves as they run.
        let valgrind = ["valgrind", "--tool=callgrind", "--smc-check=all-non-file"];
        let words = valgrind.map(str::to_owned).into_iter().chain([file]);
        let mut counted = program.clone();
        counted.command = words.chain(program.command.clone()).collect();
        // It slows a program fifty times; a call that is given up and made again would be counted twice.
        let patience = ("CALL_TIMEOUT_MS".to_owned(), "60000".to_owned());
        counted.variables.push(patience);
        counted
    }

    /// The instructions of the run, which must have ended.
    pub fn instructions(&self) -> Result<f64> {
        let text = fs::read_to_string(&self.0).with_context(|| self.0.display().to_string())?;
        let found = total(&text).with_context(|| format!("no total in {}", self.0.display()));
        fs::remove_file(&self.0)?;
        found
    }
}

/// The sum over everything that a file of callgrind's holds.
fn total(text: &str) -> Option<f64> {
    let line = |word| text.lines().rev().find_map(|line| line.strip_prefix(word));
    line("totals:")
        .or_else(|| line("summary:"))?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found() {
        assert_eq!(
            total("summary: 12\n\nfn=(1) x\n1 12\n\ntotals: 15\n"),
            Some(15.0)
        );
        assert_eq!(total("events: Ir\nsummary: 12\n"), Some(12.0));
        assert_eq!(total("events: Ir\n"), None);
    }
}
