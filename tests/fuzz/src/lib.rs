#![doc = include_str!("../README.md")]
#![expect(clippy::panic, reason = "a target that fails fails its test")]

mod corpus;
mod failure;
mod mutate;
mod random;
mod run;
mod work;

pub use run::check;
pub use work::assert_linear;
