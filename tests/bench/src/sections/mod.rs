//! What can be measured, a file each.

mod backtest;
mod bulk;
mod cold;
mod cost;
mod engine;
mod first_answer;
mod hot_account;
mod limiter;
mod many_signals;
mod warm;

use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use crate::artefacts::Artefacts;
use crate::needs::Needs;
use crate::report::Section;
use crate::scene::Scene;

/// What is measured, in the order of a full run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// From a function's start to its first poll.
    Cold,
    /// From a function's start to its first answer, over TLS, with shares of a CPU.
    FirstAnswer,
    /// Requests to a running function.
    Warm,
    /// The rate limiter alone, beside others.
    Limiter,
    /// What each request costs on AWS.
    Cost,
    /// Bulk scoring; on a local stack.
    Bulk,
    /// The scoring engine alone.
    Engine,
    /// The backtest of liquidity scores.
    Backtest,
    /// Scores of companies of very many signals.
    ManySignals,
    /// A simulation of very many calls of one account.
    HotAccount,
}

/// What a section works with.
#[derive(Clone, Debug)]
pub struct Context {
    /// The repository.
    pub root: PathBuf,
    /// Where cargo puts its artefacts.
    pub target: PathBuf,
    /// A folder for what need not be kept.
    pub scratch: PathBuf,
    /// What the sections of this run need, built.
    pub artefacts: Artefacts,
    /// What describes the local stack, if one was started for this run.
    pub stack: Option<PathBuf>,
    /// What the section found the last time, as it is checked in.
    pub recorded: Option<Section>,
}

impl Context {
    /// What a section needs, set up.
    fn scene(&self, needs: &Needs) -> Result<Scene> {
        Scene::new(&self.root, &self.scratch, &self.artefacts, &needs.subjects)
    }
}

impl Name {
    /// What the section measures and runs beside.
    pub fn needs(self) -> Needs {
        match self {
            Self::Cold => cold::needs(),
            Self::FirstAnswer => first_answer::needs(),
            Self::Warm => warm::needs(),
            Self::Limiter => limiter::needs(),
            Self::Bulk => bulk::needs(),
            Self::ManySignals => many_signals::needs(),
            // Of files and of this program alone.
            Self::Cost | Self::Engine | Self::Backtest | Self::HotAccount => Needs::default(),
        }
    }

    /// Measures, and says how long that took.
    pub fn run(self, context: &Context) -> Result<Section> {
        let started = Instant::now();
        let section = self.measure(context)?;
        eprintln!("  {self} took {} s", started.elapsed().as_secs());
        Ok(section)
    }

    fn measure(self, context: &Context) -> Result<Section> {
        match self {
            Self::Cold => cold::run(context),
            Self::FirstAnswer => first_answer::run(context),
            Self::Warm => warm::run(context),
            Self::Limiter => limiter::run(context),
            Self::Cost => cost::run(context),
            Self::Bulk => bulk::run(context),
            Self::Engine => engine::run(context),
            Self::Backtest => backtest::run(context),
            Self::ManySignals => many_signals::run(context),
            Self::HotAccount => hot_account::run(context),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        out.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(names: &[Name]) -> Vec<String> {
        let needs = Needs::union(names.iter().map(|name| name.needs()));
        needs.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn sections_alone_need_only_what_they_measure() {
        let warm = ["function score", "baseline hello", "baseline sdk-defaults"];
        let peers = ["peer python", "peer node", "dynoxide"];
        assert_eq!(listed(&[Name::Warm]), [&warm[..], &peers].concat());
        assert_eq!(listed(&[Name::Limiter]), peers);
        assert_eq!(
            listed(&[Name::Bulk]),
            ["function bulk", "function bulk-worker", "stack"]
        );
        assert!(listed(&[Name::Cost, Name::Engine, Name::Backtest, Name::HotAccount]).is_empty());
        assert!(!listed(&[Name::FirstAnswer]).contains(&"baseline hello".to_owned()));
    }

    #[test]
    fn sections_together_need_each_program_once() {
        assert_eq!(
            listed(&[Name::Warm, Name::FirstAnswer, Name::Engine]),
            listed(&[Name::Warm])
        );
        let all = listed(Name::value_variants());
        let of_cold = listed(&[Name::Cold]);
        assert_eq!(all.len(), of_cold.len() + 2, "bulk-worker and the stack");
        assert!(of_cold.iter().all(|need| all.contains(need)));
    }
}
