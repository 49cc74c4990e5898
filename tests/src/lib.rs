#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a broken precondition fails the test"
)]

mod answer;
mod app;
mod arrived;
mod bedrock;
mod call;
mod clock;
mod costs;
mod customer;
mod deliveries;
mod deployed;
pub mod description;
pub mod event_requests;
mod fan_out;
mod faults;
mod in_flight;
mod intercept;
mod interleaving;
mod issuer;
mod items;
mod jobs;
mod kill;
mod limited;
mod objects;
mod packed;
mod queues;
mod screen;
mod signals;
mod stack;
mod stored;
mod tables;
mod watch;
mod web;
mod webhooks;

pub use answer::Answer;
pub use app::TestApp;
pub use arrived::Arrived;
pub use bedrock::{Bedrock, MODEL};
pub use call::Call;
pub use clock::{TestClock, day};
pub use costs::Counted;
pub use customer::Customer;
pub use deliveries::{Deliveries, Delivery};
pub use deployed::{Deployed, answer, client};
pub use faults::{Fault, Faults, Happened, Plan, Reach};
pub use in_flight::InFlight;
pub use interleaving::interleavings;
pub use issuer::{AUDIENCE, Issuer, Signer, unsigned};
pub use items::{Item, size_of};
pub use kill::{Death, Deaths};
pub use limited::Limited;
pub use packed::crowd;
pub use queues::Queues;
pub use screen::Screen;
pub use signals::{known, set_own_signals, signal};
pub use stack::Stack;
pub use stored::Stored;
pub use watch::PERIOD;
pub use web::{Conduct, Web};
pub use webhooks::{Webhooks, message};
