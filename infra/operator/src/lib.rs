#![doc = include_str!("../README.md")]
#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are printed verbatim as help"
)]

mod aws;
mod cloudformation;
mod commands;
mod deployment;
mod operator;
mod output;
mod parse;
mod progress;
mod table;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use config::Env;
use runtime::Failure;
use types::Clock;

use crate::commands::Command;
use crate::deployment::{Deployment, Selection};
use crate::operator::Operator;
use crate::output::Output;

pub use crate::output::Outcome;

/// Administer an Assay deployment: accounts, plans, API keys, credits, bulk jobs, dead-letter queues, imports and protocols.
///
/// Name the deployment: --stack NAME, in the region and account that AWS_PROFILE or the other variables of the AWS CLI select,
/// or --local.
#[derive(Debug, Parser)]
#[command(name = "assay", version)]
struct Cli {
    #[command(flatten)]
    selection: Selection,
    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(std::env::args_os(), Env::process(), Clock::system())),
        Err(error) => Outcome::failed(&error.into()),
    };
    outcome.print()
}

/// Runs a command line in an environment; `args` begins with the program's name. The progress of a long command goes straight
/// to stderr.
pub async fn run(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    env: Env,
    clock: Clock,
) -> Outcome {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return Outcome::of_clap(&error),
    };
    let is_json = cli.json;
    match operate(cli, &env, clock).await {
        Ok(output) => output.outcome(is_json),
        Err(error) => Outcome::failed(&error),
    }
}

async fn operate(cli: Cli, env: &Env, clock: Clock) -> Result<Output, Failure> {
    let deployment = Deployment::select(cli.selection, env).await?;
    cli.command.run(&Operator::new(deployment, clock)).await
}
