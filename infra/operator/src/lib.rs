#![doc = include_str!("../README.md")]

mod aws;
mod commands;
mod operator;
mod output;
mod parse;
mod progress;
mod protocol_file;
mod table;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use config::Env;
use runtime::Failure;
use types::Clock;

use crate::commands::Command;
use crate::operator::Operator;
use crate::output::Output;

pub use crate::output::Outcome;

/// Runs Assay: accounts, plans, keys, credits, jobs, dead letters, imports and protocols.
///
/// It works on the deployment that the environment names: AWS_PROFILE (or AWS_REGION, AWS_ACCESS_KEY_ID …), AWS_ENDPOINT_URL
/// (a local stack), and the names in the stack's outputs: ACCOUNTS_TABLE, WORKSPACE_TABLE, INTEL_TABLE, BUCKET, BULK_QUEUE_URL …
#[derive(Debug, Parser)]
#[command(name = "assay", version)]
#[expect(clippy::doc_markdown, reason = "it is printed as help, as it is")]
struct Cli {
    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// Does what the command line of this process asks for.
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

/// Does what a command line, the program's name its first word, asks for in an environment. What a long command says meanwhile
/// goes to stderr at once.
pub async fn run(
    words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    env: Env,
    clock: Clock,
) -> Outcome {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return Outcome::refused(&error),
    };
    match operate(cli.command, env, clock).await {
        Ok(output) => output.outcome(cli.json),
        Err(error) => Outcome::failed(&error),
    }
}

async fn operate(command: Command, env: Env, clock: Clock) -> Result<Output, Failure> {
    let operator = Operator::new(env, clock).await?;
    command.run(&operator).await
}
