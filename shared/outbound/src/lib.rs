#![doc = include_str!("../README.md")]

mod address;
mod cause;
mod client;
mod connect;
mod error;
mod network;
mod policy;
mod ports;
mod request;

#[cfg(test)]
mod tests;

pub use address::is_public;
pub use cause::Cause;
pub use client::Outbound;
pub use error::OutboundError;
pub use policy::{Policy, PolicyError};
pub use ports::Ports;
pub use request::{Limits, OutboundRequest, OutboundResponse};
/// A URL, parsed by the URL standard.
pub use url::Url;
