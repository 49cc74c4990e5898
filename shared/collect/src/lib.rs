#![doc = include_str!("../README.md")]

mod boards;
mod change;
mod collected;
mod collector;
mod collectors;
mod company;
mod found;
mod headline;
mod observation;
mod page;
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

pub use collected::Collected;
pub use collectors::Collectors;
pub use settings::SettingsError;
pub use source::Source;
