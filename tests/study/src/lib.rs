#![doc = include_str!("../README.md")]

pub mod auc;
pub mod bootstrap;
pub mod cases;
pub mod companies;
pub mod panel;
pub mod predictor;
pub mod rwa;
pub mod tables;
