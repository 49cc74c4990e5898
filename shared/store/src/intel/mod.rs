mod history;
mod past;
mod scores;
mod shared_rows;
mod signals;
mod sources;

use types::AccountId;

use crate::Dynamo;
use crate::table::Table;

pub use history::ScorePoint;
pub use scores::{ScoreRow, ScoreRows};
pub use shared_rows::SharedRows;
pub use signals::Outcome;
pub use sources::{Claim, SourceRow};

/// How far back scores are remembered and can be rebuilt, in days.
pub const HISTORY_DAYS: i64 = 730;

/// The `intel` table: what is known of the world.
#[derive(Clone, Debug)]
pub struct Intel(pub(crate) Table);

impl Intel {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String) -> Self {
        Self(Table::new(dynamo, table))
    }
}

/// Whose knowledge it is. What an account posts is seen by that account alone: no customer can move another's scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Everyone sees it: imported by the operator, or collected.
    Public,
    /// Only this account sees it.
    Account(AccountId),
}
