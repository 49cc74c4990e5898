#![doc = include_str!("../README.md")]

mod address;
mod client;
mod connect;
mod error;
mod policy;
mod request;

#[cfg(test)]
mod tests;

pub use address::is_public;
pub use client::Outbound;
pub use error::OutboundError;
pub use policy::{Policy, PolicyError};
pub use request::{Limits, OutboundRequest, OutboundResponse};
/// A URL, parsed by the URL standard.
pub use url::Url;
