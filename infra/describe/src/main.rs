//! Writes docs/openapi.json.

use std::fs;

use anyhow::anyhow;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

fn main() -> anyhow::Result<()> {
    let text = describe::text().map_err(|error| anyhow!(error))?;
    fs::write(FILE, text)?;
    Ok(())
}
