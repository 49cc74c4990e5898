#![doc = include_str!("../README.md")]

mod chart;
mod data;
mod engine;
mod error;
mod numbers;
mod peers;
mod text;
mod view;
mod world;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use data::{HistoryPoint, Peer, Protocol, ReportData, SourceNote};
pub use engine::{prepare, render};
pub use error::ReportError;
