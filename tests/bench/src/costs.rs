//! What calls of services a piece of work makes, and `costs.json`, where the tests keep it of every endpoint and worker.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::calls::Units;

/// What each piece of work costs, by its name.
pub type Costs = BTreeMap<String, Cost>;

/// What one piece of work costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Calls of services, retries included.
    pub round_trips: u64,
    /// DynamoDB's read request units.
    pub read_units: f64,
    /// DynamoDB's write request units.
    pub write_units: f64,
    /// The calls by service and operation, such as `DynamoDB UpdateItem` or `S3 PUT`.
    pub calls: BTreeMap<String, u64>,
}

impl Cost {
    /// Adds a call.
    pub fn add(&mut self, call: String, units: Units) {
        self.round_trips += 1;
        self.read_units += units.read;
        self.write_units += units.write;
        *self.calls.entry(call).or_default() += 1;
    }

    /// The calls whose name begins so.
    pub fn calls_of(&self, prefix: &str) -> u64 {
        let calls = self.calls.iter();
        let calls = calls.filter(|(name, _)| name.starts_with(prefix));
        calls.map(|(_, count)| count).sum()
    }
}

/// The checked-in costs; `tests/it/costs` holds the functions to them.
pub fn read(root: &Path) -> Result<Costs> {
    let path = root.join("tests/bench/costs.json");
    let json = std::fs::read(&path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_slice(&json)?)
}
