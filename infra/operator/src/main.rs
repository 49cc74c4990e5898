#![doc = include_str!("../README.md")]

mod commands;
mod operator;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use types::{AccountId, KeyId, Product};

use crate::operator::Operator;

/// Runs Assay: accounts, keys and credits.
#[derive(Debug, Parser)]
#[command(name = "assay", version)]
struct Cli {
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open an account on one plan of one product.
    CreateAccount {
        /// The customer's name.
        #[arg(long)]
        name: String,
        /// intent, leads, liquidity or portal.
        #[arg(long)]
        product: Product,
        /// The plan, such as growth.
        #[arg(long)]
        plan: String,
        /// Credits to begin with.
        #[arg(long, default_value_t = 0)]
        credits: u32,
    },
    /// Issue an API key. It is shown once.
    IssueKey {
        #[arg(long)]
        account: AccountId,
        #[arg(long)]
        product: Product,
        /// What the key may do; everything if it is not given.
        #[arg(long, value_delimiter = ',')]
        scopes: Vec<String>,
    },
    /// Revoke an API key, at once.
    RevokeKey {
        #[arg(long)]
        account: AccountId,
        #[arg(long)]
        key: KeyId,
    },
    /// Give credits to an account.
    GrantCredits {
        #[arg(long)]
        account: AccountId,
        #[arg(long)]
        product: Product,
        /// Whole credits.
        #[arg(long)]
        amount: u32,
        /// Days after which what is left of them goes; for ever, if not given.
        #[arg(long)]
        days: Option<u16>,
        /// Shown in the ledger.
        #[arg(long, default_value = "granted by the operator")]
        note: String,
    },
    /// Add to a balance or, with a negative amount, take from it.
    AdjustCredits {
        #[arg(long)]
        account: AccountId,
        #[arg(long)]
        product: Product,
        /// Whole credits.
        #[arg(long, allow_negative_numbers = true)]
        amount: i32,
        /// Shown in the ledger.
        #[arg(long)]
        note: String,
    },
    /// Open a demo account with every product, credits and one key each.
    Demo,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(cli.command)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(lines) => {
            commands::print(&lines, cli.json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("assay: {error}");
            ExitCode::FAILURE
        }
    }
}
