//! What calls are counted under, and what is told of it.

mod counters;
mod month;
mod stats;
