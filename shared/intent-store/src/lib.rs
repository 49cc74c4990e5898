#![doc = include_str!("../README.md")]

mod brief;
mod foresee;
mod form;
mod history;
mod intent_workspace;
mod known;
mod packing;
mod pages;
mod past;
mod refresh;
mod score_job;
mod scores;
mod shared_rows;
mod signal_row;
mod signals;
mod sources;
mod watch_change;
mod watch_entry;
mod watch_events;
mod watchlist;

use packing::Remembered;
use store::Dynamo;
use store::table::Table;

pub use brief::Brief;
pub use form::{MAX_SIGNALS, MAX_VERSIONS, MAX_WHOLE};
pub use history::ScorePoint;
pub use intent_workspace::{IntentWorkspace, ProfileChange, ProfileRow};
pub use known::Known;
pub use refresh::DueCompany;
pub use score_job::{ScoreFiles, ScoreJob};
pub use scores::{ScoreRow, ScoreRows};
pub use shared_rows::SharedRows;
pub use signal_row::Outcome;
pub use sources::{Claim, SourceRow};
pub use watch_change::WatchChange;
pub use watch_entry::{Alerts, PreviousScore, WatchEntry};
pub use watchlist::{Added, Rank};

/// How far back scores are remembered and can be rebuilt, in days.
pub const HISTORY_DAYS: i64 = 730;

/// The `intel` table: what is known of the world. A clone remembers the same companies to be packed.
#[derive(Clone, Debug)]
pub struct Intel(Table, Remembered);

impl Intel {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String) -> Self {
        Self(Table::new(dynamo, table), Remembered::default())
    }
}
