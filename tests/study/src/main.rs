//! Prints the study of the score by real job postings.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use study::panel::Sources;
use study::tables::tables;

#[derive(Debug, Parser)]
#[command(about = "Asks real job postings whether a higher score comes before more openings")]
struct Options {
    /// The folder that has the postings and the companies
    folder: PathBuf,
    /// Bootstrap samples
    #[arg(long, default_value_t = 1000)]
    samples: usize,
    /// Of the samples
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
    let sources = Sources::read(&options.folder)?;
    Ok(tables(sources.panels(options.samples, options.seed))?)
}
