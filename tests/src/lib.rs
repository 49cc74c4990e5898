#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a harness that cannot go on fails the test"
)]

mod answer;
mod app;
mod clock;
mod customer;
mod kill;
mod stack;
mod tables;

pub use answer::Answer;
pub use app::{Call, TestApp};
pub use clock::TestClock;
pub use customer::Customer;
pub use kill::{Death, Deaths};
pub use stack::Stack;
