//! Rate limiters under load: ours, and the peers' as commands of their own.

mod ours;
mod peer;

use anyhow::Result;
use serde::Deserialize;

use crate::sample::Sample;

pub use ours::Ours;
pub use peer::Peer;

/// A table like each of ours; the peers make their own.
pub const TABLE: &str = "accounts";

/// What is asked of a limiter: each client is an instance of a function, with connections and a memory of its own, and
/// makes one call at a time.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Clients at once.
    pub clients: usize,
    /// Keys that they call with, in turn.
    pub keys: usize,
    /// Calls a minute that each key is allowed.
    pub limit: u64,
    /// When it ends.
    pub until: Until,
}

/// When a load ends.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// After so many calls of all clients together.
    Calls(usize),
    /// After so many seconds.
    Seconds(f64),
}

/// What became of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Tally {
    /// Calls that were let in.
    pub admitted: u32,
    /// Calls that were over the limit.
    pub refused: u32,
    /// Calls that were neither, as the table did not take them.
    pub errors: u32,
    /// Calls that were let in and should not have been.
    pub over_admitted: u32,
    /// How long it took.
    pub seconds: f64,
    /// How long each call took, in milliseconds, if it was measured.
    #[serde(skip)]
    pub latencies: Sample,
}

impl Tally {
    /// Calls a second.
    pub fn rate(&self) -> f64 {
        f64::from(self.admitted + self.refused) / self.seconds
    }
}

/// A limiter to put under load.
pub trait Limiter {
    /// Its name in tables.
    fn name(&self) -> &str;

    /// Puts it under load on the DynamoDB at this address, where there is a table [`TABLE`].
    fn run(&self, endpoint_url: &str, load: &Load) -> Result<Tally>;
}
