#![doc = include_str!("../README.md")]

mod admission;
mod api_keys;
mod audit;
mod burn;
mod counter;
mod counting_write;
mod daily;
mod day;
mod grant_row;
mod grants;
mod idempotency;
mod issued_keys;
mod key_change;
mod key_writes;
mod ledger;
mod listing;
mod meter;
mod meter_keys;
mod meter_writes;
mod plans;
mod reservation;
mod settlement;
mod shards;
mod spread;
mod subjects;
mod suspension;
mod usage;
mod welcome;
mod whole;

use store::Dynamo;
use store::table::Table;

pub use admission::{Admission, Admitted, Release};
pub use api_keys::KeyRow;
pub use audit::{Actor, AuditAction, AuditEntry};
pub use counting_write::WriteToken;
pub use daily::{DailyAmount, DailyUse};
pub use day::Day;
pub use grant_row::{Grant, GrantPart, GrantSource};
pub use grants::{ATTEMPTS, Holdings, NewGrant, changing};
pub use idempotency::{Held, IdempotencyRow, ResponseRow, SealedBody};
pub use issued_keys::{IssuedKey, KeyState};
pub use key_change::KeyLimits;
pub use ledger::{Entry, EntryKind};
pub use listing::ListedAccount;
pub use meter::{Meter, Window};
pub use meter_writes::NewMeter;
pub use reservation::{Reservation, Return};
pub use subjects::{NewAccount, NewProduct, SubjectRow};
pub use suspension::Suspension;

/// The `accounts` table: who may call, and what they have used and paid.
#[derive(Clone, Debug)]
pub struct Accounts(Table);

impl Accounts {
    /// A handle on the table of this name.
    pub fn new(dynamo: &Dynamo, table: String) -> Self {
        Self(Table::new(dynamo, table))
    }

    /// The table itself, for a part of a transaction that another crate writes.
    pub const fn table(&self) -> &Table {
        &self.0
    }
}
