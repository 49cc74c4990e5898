#![doc = include_str!("../README.md")]

mod profiles;
mod protocol;
mod protocol_id;
mod protocols;
mod watch;

pub use profiles::{ProfileChange, ProfileRow, ScoringProfiles, scoring_profiles};
pub use protocol::Protocol;
pub use protocol_id::protocol_id;
pub use protocols::{Protocols, Stored};
pub use watch::ProtocolWatch;
