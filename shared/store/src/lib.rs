#![doc = include_str!("../README.md")]

mod accounts;
mod client;
mod error;
mod intel;
mod keys;
mod retry;
mod table;
mod workspace;

pub use accounts::{
    Accounts, Admission, Admitted, Day, Entry, EntryKind, Grant, GrantSource, Holdings, KeyHash,
    KeyRow, Meter, NewGrant, NewMeter, Release, Window,
};
pub use client::Dynamo;
pub use error::StoreError;
pub use intel::{Intel, Outcome, Owner, ScoreRow, ScoreRows};
pub use workspace::{
    ChunkDone, Event, EventKind, Finish, JobRow, JobState, NewJob, Submitted, Workspace,
};
