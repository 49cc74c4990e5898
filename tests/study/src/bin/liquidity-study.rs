//! Prints the study of the liquidity methodology by real protocols.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use study::rwa::{Rwa, breaker, scores};

#[derive(Debug, Parser)]
#[command(about = "Runs circuit breaker, scores and backtest on the real past of tokenised assets")]
struct Options {
    /// The folder that has the protocols and their histories
    folder: PathBuf,
    /// Of the bootstrap samples
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    match study(&Options::parse()) {
        Ok(tables) => {
            print!("{tables}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn study(options: &Options) -> Result<String> {
    let rwa = Rwa::read(&options.folder)?;
    let mut out = String::new();
    breaker::tables(&mut out, &rwa)?;
    scores::tables(&mut out, &rwa, options.seed)?;
    Ok(out)
}
