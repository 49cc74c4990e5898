#![doc = include_str!("../README.md")]

mod commands;
mod operator;
mod output;
mod parse;
mod progress;
mod table;

use std::process::ExitCode;

use clap::Parser;
use config::Env;

use crate::commands::Command;
use crate::operator::Operator;

/// Runs Assay: accounts, plans, keys, credits, jobs, dead letters and imports.
///
/// It works on the deployment that the environment names: AWS_REGION, AWS_ENDPOINT_URL (a local stack), credentials
/// (AWS_ACCESS_KEY_ID …), and the names in the stack's outputs: ACCOUNTS_TABLE, WORKSPACE_TABLE, BUCKET, BULK_QUEUE_URL …
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

/// Does what the command line asks for.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => Operator::from_env(Env::process())
            .and_then(|operator| runtime.block_on(cli.command.run(&operator))),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(output) => output.print(cli.json),
        Err(error) => {
            eprintln!("assay: {error}");
            ExitCode::FAILURE
        }
    }
}
