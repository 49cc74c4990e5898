mod events;
mod job_finish;
mod job_row;
mod jobs;
mod lines;
mod profiles;
mod watch_change;
mod watch_events;
mod watch_row;
mod watched;
mod watchlist;

use crate::table::Table;
use crate::{Accounts, Dynamo};

pub use events::{Event, EventKind};
pub use job_finish::Finish;
pub use job_row::{JobRow, JobState};
pub use jobs::{ChunkDone, NewJob, Submitted};
pub use profiles::{ProfileChange, ProfileRow};
pub use watch_change::{Change, WatchChange};
pub use watch_events::WatchEvent;
pub use watch_row::{Alerts, PreviousScore, WatchEntry};
pub use watched::DueCompany;
pub use watchlist::{Added, Rank};

/// The `workspace` table: what an account owns. What is charged when it changes is charged in the same transaction,
/// which is why it knows the `accounts` table.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(crate) table: Table,
    pub(crate) accounts: Accounts,
}

impl Workspace {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String, accounts: Accounts) -> Self {
        Self {
            table: Table::new(dynamo, table),
            accounts,
        }
    }
}
