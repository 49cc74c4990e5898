//! Grants that end, the order in which they are spent, and what is told of them.

mod expiry;
mod ledger;
mod meanwhile;
mod model;
mod property;
mod reserved;
mod reserved_faults;
mod shown;

use accounts::{Entry, EntryKind, GrantSource, NewGrant};
use tests::{Customer, TestApp};
use types::{Credits, Timestamp};

/// Gives credits that end after some seconds.
async fn give(app: &TestApp, customer: &Customer, credits: i64, seconds: Option<i64>) {
    let now = app.clock.now();
    let end = seconds.map(|seconds| Timestamp::from_second(now.as_second() + seconds).unwrap());
    let new = NewGrant {
        expires_at: end,
        source: GrantSource::Operator,
        ..NewGrant::of(Credits::whole(credits), "of the test", now)
    };
    let granted = app
        .accounts
        .grant(customer.account, customer.product, &new, now);
    granted.await.unwrap();
}

/// The entries of one kind.
async fn entries(app: &TestApp, customer: &Customer, kind: EntryKind) -> Vec<Entry> {
    let ledger = app.accounts.ledger(customer.account, customer.product);
    let mut ledger = ledger.await.unwrap();
    ledger.retain(|entry| entry.kind == kind);
    ledger
}
