#![doc = include_str!("../README.md")]

mod bodies;
mod fingerprint;
mod idempotency_store;
mod key;
mod operation;
mod seed;

pub use bodies::Bodies;
pub use fingerprint::Fingerprint;
pub use idempotency_store::{
    Effects, IdempotencyError, IdempotencyStore, Run, SealedResponse, Start, StoreOutcome,
    StoredResponse,
};
pub use key::{IdempotencyKey, KeyError};
pub use operation::{Operation, Unreadable};
pub use seed::Seed;
