#![doc = include_str!("../README.md")]

mod event_image;
mod month;
mod profiles;
mod protocol;
mod protocol_id;
mod protocols;
mod source;
mod watch;

pub use event_image::EventImage;
pub use month::StoredPoint;
pub use profiles::{ProfileChange, ProfileRow, ScoringProfiles, scoring_profiles};
pub use protocol::{Description, Protocol, Stated};
pub use protocol_id::protocol_id;
pub use protocols::{Histories, MAX_PROTOCOLS, ProtocolEvent, Protocols, Recorded};
pub use source::ProtocolSource;
pub use watch::{ProtocolWatch, WatchChange};
