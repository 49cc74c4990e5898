//! What can be measured, a file each.

mod bulk;
mod cold;
mod cost;
mod engine;
mod first_answer;
mod hot_account;
mod limiter;
mod warm;

use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use crate::report::Section;

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
    /// What describes the local stack, if one was started for this run.
    pub stack: Option<PathBuf>,
    /// What the section found the last time, as it is checked in.
    pub recorded: Option<Section>,
}

impl Name {
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
