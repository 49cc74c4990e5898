#![doc = include_str!("../README.md")]

mod event_payload;
mod events;
mod job_finish;
mod job_row;
mod jobs;
mod lines;

use accounts::Accounts;
use store::Dynamo;
use store::table::Table;

pub use event_payload::{EventPayload, ScoreChange};
pub use events::Event;
pub use job_finish::Finish;
pub use job_row::{JobRow, JobState};
pub use jobs::{ChunkDone, NewJob, Submitted};
pub use lines::{Standing, standing};

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
