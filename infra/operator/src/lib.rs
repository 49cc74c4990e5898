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
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use config::Env;
use runtime::Failure;
use types::Clock;

use crate::commands::Command;
use crate::deployment::{Deployment, Selection};
use crate::operator::Operator;
use crate::terminal::ProcessTerminal;

pub use crate::output::Outcome;
pub use crate::terminal::Terminal;

/// Administer an Assay deployment: accounts, plans, API keys, credits, bulk jobs, dead-letter queues, imports and protocols.
///
/// Name the deployment: --stack NAME, in the region and account that AWS_PROFILE or the other variables of the AWS CLI select,
/// or --local. Only `webhook` needs none: it is for developers, with a key of the API.
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

/// Runs a command line in an environment; `args` begins with the program's name. What a long command prints while it runs goes
/// straight to the process's streams.
pub async fn run(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    env: Env,
    clock: Clock,
) -> Outcome {
    run_on(&ProcessTerminal, args, env, clock).await
}

/// The same on another terminal, which gets the lines of a command that runs until it is interrupted.
pub async fn run_on(
    terminal: &dyn Terminal,
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    env: Env,
    clock: Clock,
) -> Outcome {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return Outcome::of_clap(&error),
    };
    match operate(terminal, cli, &env, clock).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::failed(&error),
    }
}

async fn operate(
    terminal: &dyn Terminal,
    cli: Cli,
    env: &Env,
    clock: Clock,
) -> Result<Outcome, Failure> {
    match cli.command {
        Command::Deployment(command) => {
            let deployment = Deployment::select(cli.selection, env).await?;
            let output = command.run(&Operator::new(deployment, clock)).await?;
            Ok(output.outcome(cli.json))
        }
        Command::Webhook(command) => {
            cli.selection.refuse()?;
            command.run((terminal, cli.json), env, clock).await
        }
    }
}
