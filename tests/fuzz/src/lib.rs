#![doc = include_str!("../README.md")]
#![expect(clippy::panic, reason = "a target that fails fails its test")]

#[cfg(not(fuzzing_libfuzzer))]
mod corpus;
#[cfg(not(fuzzing_libfuzzer))]
mod failure;
#[cfg(not(fuzzing_libfuzzer))]
mod mutate;
#[cfg(not(fuzzing_libfuzzer))]
mod random;
mod run;
mod work;

pub use run::check;
pub use work::assert_linear;
