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
    Answer, Answered, Effects, IdempotencyError, IdempotencyStore, Kept, Run, Start,
};
pub use key::{IdempotencyKey, KeyError};
pub use operation::{Operation, Unreadable};
pub use seed::Seed;
