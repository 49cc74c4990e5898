#![doc = include_str!("../README.md")]

pub mod aws;
mod bucket_event;
mod failure;
mod fresh_client;
mod function;
mod http;
mod log;
mod queue;
mod schedule;
mod stream;

pub use bucket_event::created_objects;
pub use failure::Failure;
pub use function::run;
pub use http::http;
pub use queue::{Delivery, queue, queue_at_once};
pub use schedule::schedule;
pub use stream::stream;
