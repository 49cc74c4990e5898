#![doc = include_str!("../README.md")]

mod health;
mod retry;
mod secret;
mod signature;

pub use health::{Health, LONGEST_SERIES, Verdict};
pub use retry::{ATTEMPTS, next_attempt};
pub use secret::Secret;
pub use signature::{REQUEST_HEADERS, SIGNED_HEADERS, Signed};
