#![doc = include_str!("../README.md")]

mod importer;
mod worker;

pub use importer::Importer;
pub use worker::ImportWorker;
