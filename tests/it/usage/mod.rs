//! What calls are counted under, and what is told of it.

mod counters;
mod events;
mod month;
mod session;
mod sizes;
mod stats;
