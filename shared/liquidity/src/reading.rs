use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// AUM at one moment.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[schemars(rename = "AumReading")]
pub struct Reading {
    /// The moment.
    pub at: Timestamp,
    /// US dollars, as the source gave it: it may be any number.
    pub aum_usd: f64,
}
