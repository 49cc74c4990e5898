#![doc = include_str!("../README.md")]

pub mod batch;
mod client;
mod endpoint;
mod error;
#[cfg(test)]
mod fake;
mod hashes;
mod headers;
pub mod item;
pub mod keys;
mod owner;
pub mod retry;
mod shard;
mod sigv4;
pub mod table;

pub use client::Dynamo;
pub use error::StoreError;
pub use hashes::{AddressHash, KeyHash, LinkHash, SubjectHash};
pub use owner::Owner;
pub use shard::Shard;
