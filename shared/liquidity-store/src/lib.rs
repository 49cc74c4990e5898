#![doc = include_str!("../README.md")]

mod category;
mod protocol;
mod protocols;

pub use category::{Category, UnknownCategory};
pub use protocol::Protocol;
pub use protocols::{Protocols, Stored};
