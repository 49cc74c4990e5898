#![doc = include_str!("../README.md")]

mod admit;
mod charge;
mod denied;
mod limits;
mod memory;
mod plan;
mod triggers;
mod welcome;

pub use admit::Quota;
pub use charge::Charge;
pub use denied::Denied;
pub use limits::{Limits, WindowLimit};
pub use plan::{Allowance, Plan, PlanError};
pub use welcome::welcome;
