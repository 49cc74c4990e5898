#![doc = include_str!("../README.md")]

mod corpus;
mod failure;
mod mutate;
mod random;
mod run;
mod work;

pub use run::check;
pub use work::assert_linear;
