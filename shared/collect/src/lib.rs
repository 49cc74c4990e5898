#![doc = include_str!("../README.md")]

mod boards;
mod change;
mod collected;
mod collector;
mod collectors;
mod company;
mod found;
mod headline;
mod limited;
mod matched_by;
mod observation;
mod pace;
mod page;
mod robots;
mod rows;
mod rules;
mod run;
mod settings;
mod shared_site;
mod site_pages;
mod source;
mod source_error;
mod sources;
mod task;
mod web;
mod words;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod stub;

pub use collected::Collected;
pub use collectors::Collectors;
pub use settings::SettingsError;
pub use source::Source;
pub use source_error::SourceError;
pub use web::{Fetched, Validators, WebClient};
