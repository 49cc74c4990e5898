#![doc = include_str!("../README.md")]

mod arrival;
mod body;
mod caller;
mod code;
mod error;
mod gate;
mod identity;
mod once;
mod origin;
mod params;
mod rate_limit;
mod route;
mod serve;
mod session;
mod start;
mod users;
mod visit;

pub use body::{JsonBody, OptionalJson, cut, media_type, read_body};
pub use caller::{Asker, Caller, Permission, Permitted};
pub use code::Code;
pub use error::ApiError;
pub use gate::Gate;
pub use idempotency::Seed;
pub use origin::Origin;
pub use params::Params;
pub use route::Route;
pub use serve::serve;
pub use session::Session;
pub use start::start;
