//! One file for each group of commands.

mod account;
mod credits;
mod demo;
mod dlq;
mod import;
mod job;
mod key;
mod ledger;
mod protocols;
mod verdict;

use clap::Subcommand;
use runtime::Failure;

use crate::operator::Operator;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Open accounts, show them, set their plans.
    #[command(subcommand)]
    Account(account::Command),
    /// Give credits, and correct balances.
    #[command(subcommand)]
    Credits(credits::Command),
    /// Issue, list and revoke API keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Check the credit ledgers.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Help bulk jobs on.
    #[command(subcommand)]
    Job(job::Command),
    /// Look at messages that could not be delivered, and send them again.
    #[command(subcommand)]
    Dlq(dlq::Command),
    /// Import a file of signals that everyone sees, and wait for its report.
    Import(import::Import),
    /// Load the facts of protocols.
    #[command(subcommand)]
    Protocols(protocols::Command),
    /// Open a demo account with every product, credits and one key each.
    #[command(after_help = "Example: assay demo --json")]
    Demo,
}

impl Command {
    /// Does it.
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
