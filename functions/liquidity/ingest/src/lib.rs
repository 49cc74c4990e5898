//! What sources state of protocols: files put under the bucket's `import/liquidity/` prefix. And their daily scores.

mod daily;
mod form;
mod import;

pub use daily::{DailyScorer, Scored};
pub use form::ProtocolForm;
pub use import::ProtocolImporter;
