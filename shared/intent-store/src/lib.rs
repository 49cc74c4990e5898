#![doc = include_str!("../README.md")]

mod history;
mod past;
mod profiles;
mod scores;
mod shared_rows;
mod signals;
mod sources;
mod watch_change;
mod watch_events;
mod watch_row;
mod watched;
mod watchlist;
mod workspace;

use store::Dynamo;
use store::table::Table;

pub use history::ScorePoint;
pub use profiles::{ProfileChange, ProfileRow};
pub use scores::{ScoreRow, ScoreRows};
pub use shared_rows::SharedRows;
pub use signals::Outcome;
pub use sources::{Claim, SourceRow};
pub use watch_change::{Change, WatchChange};
pub use watch_row::{Alerts, PreviousScore, WatchEntry};
pub use watched::DueCompany;
pub use watchlist::{Added, Rank};
pub use workspace::IntentWorkspace;

/// How far back scores are remembered and can be rebuilt, in days.
pub const HISTORY_DAYS: i64 = 730;

/// The `intel` table: what is known of the world.
#[derive(Clone, Debug)]
pub struct Intel(Table);

impl Intel {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String) -> Self {
        Self(Table::new(dynamo, table))
    }
}
