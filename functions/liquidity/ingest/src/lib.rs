//! What sources state of protocols: files put under the bucket's `import/liquidity/` prefix.

mod form;
mod import;

pub use form::ProtocolForm;
pub use import::ProtocolImporter;
