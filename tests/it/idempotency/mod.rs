//! `Idempotency-Key`, on a route of the tests' own and on those that have it.

mod bulk;
mod deaths;
mod header;
mod kept;
mod overtaken;
mod probe;
mod refused;
mod signals;
mod window;

use tests::{Answer, Call, Customer};

/// A key as most clients make one.
const KEY: &str = "7d1f3c1e-52a8-4b7e-9c0d-2f6a8e4b1c37";

trait Keyed {
    /// With a customer's API key and an idempotency key.
    fn keyed(self, customer: &Customer, key: &str) -> Call;
}

impl Keyed for Call {
    fn keyed(self, customer: &Customer, key: &str) -> Call {
        self.key(customer).header("idempotency-key", key)
    }
}

/// Fails the test unless `answer` is `first` again, byte for byte, and says so.
#[track_caller]
fn assert_replays(first: &Answer, answer: &Answer) {
    assert_eq!(answer.status, first.status);
    assert_eq!(answer.bytes, first.bytes);
    assert_eq!(answer.header("content-type"), first.header("content-type"));
    assert_eq!(answer.header("idempotent-replayed"), "true");
    let original = answer.header("idempotent-original-request-id");
    assert_eq!(original, first.header("x-request-id"));
    assert_ne!(answer.header("x-request-id"), original);
    assert_eq!(first.header("idempotent-replayed"), "");
}
