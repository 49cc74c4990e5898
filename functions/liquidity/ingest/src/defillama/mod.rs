//! What DefiLlama says of protocols: parsed by pure functions, and recorded once a day.

mod category;
mod elements;
mod fetch;
mod history;
mod list;
mod plan;
mod refresher;
mod yields;

#[cfg(test)]
mod tests;

pub use refresher::{Outcome, ProtocolRefresher, Refreshed};
