//! What sources state of protocols: files put under the bucket's `import/liquidity/` prefix. Their daily scores, and what DefiLlama says of them.

mod daily;
mod defillama;
mod form;
#[cfg(test)]
mod fuzz;
mod import;

pub use daily::{DailyScorer, Scored};
pub use defillama::{Outcome, ProtocolRefresher, Refreshed};
pub use form::ProtocolForm;
pub use import::ProtocolImporter;
