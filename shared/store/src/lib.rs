#![doc = include_str!("../README.md")]

mod accounts;
mod batch;
mod client;
mod endpoint;
mod error;
#[cfg(test)]
mod fake;
mod headers;
mod intel;
mod keys;
mod retry;
mod sigv4;
mod table;
mod workspace;

pub use accounts::{
    Accounts, Actor, Admission, Admitted, AuditAction, AuditEntry, Day, Entry, EntryKind, Grant,
    GrantSource, Held, Holdings, IssuedKey, KeyHash, KeyRow, KeyState, ListedAccount, Meter,
    NewAccount, NewGrant, NewMeter, NewProduct, OnceAnswer, OnceBody, OnceRow, Release, Shard,
    SubjectHash, SubjectRow, Window,
};
pub use client::Dynamo;
pub use error::StoreError;
pub use intel::{
    Claim, HISTORY_DAYS, Intel, Outcome, Owner, ScorePoint, ScoreRow, ScoreRows, SharedRows,
    SourceRow,
};
pub use workspace::{
    Added, Alerts, Change, ChunkDone, DueCompany, Event, EventKind, Finish, JobRow, JobState,
    NewJob, PreviousScore, ProfileChange, ProfileRow, Rank, Submitted, WatchChange, WatchEntry,
    WatchEvent, Workspace,
};
