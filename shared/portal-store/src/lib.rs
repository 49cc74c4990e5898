#![doc = include_str!("../README.md")]

mod clients;

pub use clients::{Added, ClientRow, Clients};
