//! Renders a report from JSON: `cargo run -p report --example report < shared/report/samples/full.json > report.pdf`.

use std::error::Error;
use std::io::{self, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let data = serde_json::from_reader(io::stdin())?;
    io::stdout().write_all(&report::render(&data)?)?;
    Ok(())
}
