#![doc = include_str!("../README.md")]

mod change;
mod collectors;
mod found;
mod headline;
mod missed;
mod observation;
mod outcome;
mod page;
mod rules;
mod run;
mod settings;
mod site_pages;
mod source;
mod sources;
mod visit;
mod web;

#[cfg(test)]
mod properties;

pub use collectors::{Collected, Collectors};
pub(crate) use found::{Company, Found, Kept};
pub(crate) use missed::Missed;
pub use settings::SettingsError;
pub use source::Source;
