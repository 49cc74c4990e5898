#![doc = include_str!("../README.md")]

mod confidence;
mod contributions;
mod coverage;
mod engine;
mod error;
mod kind;
mod model;
mod model_texts;
mod numbers;
mod observed;
mod outline;
mod profile;
mod reasoning;
mod schema;
mod score;
mod signal;
mod talk_track;
mod text;
mod trend;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;

pub use confidence::Confidence;
pub use coverage::{Answered, Coverage, Missing};
pub use engine::{score, score_with, sort};
pub use error::{IntentError, ProfileError};
pub use kind::Kind;
pub use model::{KindModel, MODEL, MODEL_VERSION, Model};
pub use model_texts::Texts;
pub use numbers::Numbers;
pub use outline::Outline;
pub use profile::Profile;
pub use score::{Band, Contribution, Direction, Momentum, MoreSignals, Score, TextSource};
pub use signal::{Signal, Strength};
pub use talk_track::{MAX_SUBJECT_LENGTH, email_subject, talk_track};
pub use text::one_line;
pub use types::Points;
