#![doc = include_str!("../README.md")]

mod admit;
mod charge;
mod daily;
mod denied;
mod instance_cache;
mod limits;
mod plan;
mod signup;
mod triggers;

pub use admit::Quota;
pub use charge::Charge;
pub use daily::{DailyDenied, UsedToday};
pub use denied::Denied;
pub use limits::{Limits, WindowLimit};
pub use plan::{Allowance, Plan, PlanError};
pub use signup::{Welcome, give_welcome, open_account};
