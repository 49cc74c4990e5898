#![doc = include_str!("../README.md")]
// A measurement that cannot be made ends the run; what is measured outside a function may look at the clock.
#![expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this crate is for"
)]

pub mod artefacts;
pub mod callgrind;
pub mod calls;
pub mod costs;
pub mod cpu_share;
pub mod dynoxide;
pub mod function;
pub mod http;
pub mod limiter;
pub mod needs;
pub mod peers;
pub mod prices;
pub mod process;
pub mod proxy;
pub mod record;
pub mod relay;
pub mod report;
pub mod runtime_api;
pub mod sample;
pub mod scene;
pub mod sections;
pub mod seed;
pub mod server;
pub mod simulation;
pub mod stack;
pub mod tls;
pub mod units;
