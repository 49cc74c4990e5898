#![doc = include_str!("../README.md")]

mod address;
mod ask;
mod client;
mod connect;
mod error;
mod policy;

#[cfg(test)]
mod tests;

pub use address::is_public;
pub use ask::{Ask, Limits, Reply};
pub use client::Outbound;
pub use error::OutboundError;
pub use policy::{Policy, PolicyError};
/// An address, parsed by the URL standard.
pub use url::Url;
