#![doc = include_str!("../README.md")]

mod bodies;
mod fingerprint;
mod key;
mod once;
mod operation;
mod seed;

pub use bodies::Bodies;
pub use fingerprint::Fingerprint;
pub use key::{IdempotencyKey, KeyError};
pub use once::{Answer, Answered, Effects, Kept, Once, OnceError, Run, Start};
pub use operation::{Operation, Unreadable};
pub use seed::Seed;
