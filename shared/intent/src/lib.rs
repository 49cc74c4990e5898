#![doc = include_str!("../README.md")]

mod answer;
mod confidence;
mod contributions;
mod course;
mod coverage;
mod engine;
mod error;
mod kind;
mod model;
mod observed;
mod points;
mod reasoning;
mod signal;
mod talk;
mod text;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;

pub use answer::{Band, Contribution, Direction, Momentum, MoreSignals, Score, TextSource};
pub use confidence::Confidence;
pub use coverage::{Answered, Coverage, Missing};
pub use engine::score;
pub use error::IntentError;
pub use kind::Kind;
pub use model::{KindModel, MODEL, MODEL_VERSION, Model};
pub use points::Points;
pub use signal::{Signal, Strength};
pub use talk::{email_subject, talk_track};
pub use text::one_line;
