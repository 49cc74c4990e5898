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
mod profile;
mod reasoning;
mod signal;
mod talk;
mod text;
mod texts;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;

pub use answer::{Band, Contribution, Direction, Momentum, MoreSignals, Score, TextSource};
pub use confidence::Confidence;
pub use coverage::{Answered, Coverage, Missing};
pub use engine::{score, score_with};
pub use error::{IntentError, ProfileError};
pub use kind::Kind;
pub use model::{KindModel, MODEL, MODEL_VERSION, Model};
pub use points::Points;
pub use profile::Profile;
pub use signal::{Signal, Strength};
pub use talk::{MOST_OF_A_SUBJECT, email_subject, talk_track};
pub use text::one_line;
pub use texts::Texts;
