#![doc = include_str!("../README.md")]

mod clock;
mod credits;
mod domain;
mod entropy;
mod id;

pub use clock::{Clock, minute_of};
pub use credits::Credits;
pub use domain::{Domain, DomainError};
pub use entropy::random_bytes;
pub use id::{Account, AccountId, Id, IdError, IdKind, Job, JobId, Key, KeyId, Request, RequestId};
/// An instant in UTC, written as RFC 3339. All times in Assay are of this type.
pub use jiff::Timestamp;
