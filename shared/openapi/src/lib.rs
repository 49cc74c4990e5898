#![doc = include_str!("../README.md")]

mod body;
mod document;
mod errors;
mod events;
mod headers;
mod operation;
pub mod reasons;
mod responses;
mod schemas;
mod security;
mod shared_responses;

pub use document::{Example, document};
pub use events::{Event, EventHeader, Events};
pub use operation::Operation;
