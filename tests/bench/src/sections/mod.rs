//! What can be measured, a file each.

mod cost;
mod engine;
mod hot_account;
mod limiter;

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;

use crate::report::Section;

/// What is measured, in the order of a full run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// The scoring engine alone.
    Engine,
    /// What each request costs on AWS.
    Cost,
    /// The rate limiter alone, beside others.
    Limiter,
    /// A simulation of very many calls of one account.
    HotAccount,
}

/// What a section works with.
#[derive(Clone, Debug)]
pub struct Context {
    /// The repository.
    pub root: PathBuf,
    /// What the section found the last time, as it is checked in.
    pub recorded: Option<Section>,
}

impl Name {
    /// Measures.
    pub fn run(self, context: &Context) -> Result<Section> {
        match self {
            Self::Engine => engine::run(context),
            Self::Cost => cost::run(context),
            Self::Limiter => limiter::run(context),
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
