#![doc = include_str!("../README.md")]

mod change;
mod event_payload;
mod events;
mod index;
mod job;
mod job_finish;
mod jobs;
mod profiles;
mod report_links;
mod reports;
mod watchers;
mod watchlists;

use accounts::Accounts;
use store::Dynamo;
use store::table::Table;

pub use change::{AttributeChanges, Change};
pub use event_payload::{EventPayload, ScoreChange};
pub use events::Event;
pub use job::{Job, JobEnvelope, JobState, JobWork};
pub use job_finish::Finish;
pub use jobs::{ChunkDone, NewJob, Submitted};
pub use profiles::{ProfileChange, ProfileRow, Profiles};
pub use report_links::{LinkToken, LinkTokenError, ReportLink, ReportLinks};
pub use reports::{Begun, ReportRow, ReportState, Reports};
pub use watchers::DueSubject;
pub use watchlists::{Added, Watched, Watchlists};

/// The `workspace` table: what an account owns. What is charged when it changes is charged in the same transaction,
/// which is why it knows the `accounts` table.
#[derive(Clone, Debug)]
pub struct Workspace {
    table: Table,
    accounts: Accounts,
}

impl Workspace {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String, accounts: Accounts) -> Self {
        Self {
            table: Table::new(dynamo, table),
            accounts,
        }
    }

    /// The table itself, for the entities of one product.
    pub const fn table(&self) -> &Table {
        &self.table
    }
}
