//! One file for each group of commands.

mod account;
mod credits;
mod demo;
mod dlq;
mod import;
mod job;
mod key;
mod ledger;
mod ledger_check;
mod protocols;
mod suspension;
mod webhook;

use clap::Subcommand;
use runtime::Failure;

use crate::operator::Operator;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Deployment(DeploymentCommand),
    /// Develop receivers of webhooks, with a key of the API.
    #[command(subcommand)]
    Webhook(webhook::Command),
}

/// What is done to a deployment.
#[derive(Debug, Subcommand)]
pub(crate) enum DeploymentCommand {
    /// Create accounts, show them, set their plans, suspend and resume them.
    #[command(subcommand)]
    Account(account::Command),
    /// Grant credits and correct balances.
    #[command(subcommand)]
    Credits(credits::Command),
    /// Issue, list and revoke API keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Check the credit ledgers.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Recover bulk jobs.
    #[command(subcommand)]
    Job(job::Command),
    /// List and replay the messages in dead-letter queues.
    #[command(subcommand)]
    Dlq(dlq::Command),
    /// Import a file of shared signals, or of what sources state of protocols, and wait for the report.
    Import(import::Import),
    /// List protocols, the tokenised products of liquidity, and end pauses of their scoring.
    #[command(subcommand)]
    Protocols(protocols::Command),
    /// Create a demo account with every product, a plan, credits and one API key for each.
    #[command(after_help = "Example: assay demo --json")]
    Demo,
}

impl DeploymentCommand {
    /// Runs the command.
    pub(crate) async fn run(self, operator: &Operator) -> Result<Output, Failure> {
        match self {
            Self::Account(command) => command.run(operator).await,
            Self::Credits(command) => command.run(operator).await,
            Self::Key(command) => command.run(operator).await,
            Self::Ledger(command) => command.run(operator).await,
            Self::Job(command) => command.run(operator).await,
            Self::Dlq(command) => command.run(operator).await,
            Self::Import(import) => import.run(operator).await,
            Self::Protocols(command) => command.run(operator).await,
            Self::Demo => demo::run(operator).await,
        }
    }
}
