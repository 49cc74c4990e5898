#![doc = include_str!("../README.md")]

mod admit;
mod limits;
mod memory;
mod occasions;
mod plan;
mod welcome;

pub use admit::{Charge, Denied, Quota};
pub use limits::{Limits, WindowLimit};
pub use plan::{Plan, PlanError};
pub use welcome::welcome;
