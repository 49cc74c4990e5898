#![doc = include_str!("../README.md")]
// A measurement that cannot be made ends the run; what is measured outside a function may look at the clock.
#![expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this crate is for"
)]

pub mod calls;
pub mod costs;
pub mod dynoxide;
pub mod http;
pub mod limiter;
pub mod prices;
pub mod process;
pub mod proxy;
pub mod record;
pub mod report;
pub mod sample;
pub mod sections;
pub mod server;
pub mod simulation;
pub mod units;
