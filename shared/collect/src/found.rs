use intent::Signal;
use jiff::SignedDuration;
use serde_json::Value;
use types::Timestamp;

use crate::source_error::SourceError;
use crate::web::Validators;

/// For sources with news every day: due again when the score that was computed from them expires, which is after a day.
const DAILY: SignedDuration = SignedDuration::from_hours(23);
/// For sources that hardly ever change.
const WEEKLY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is stored of the last successful fetch of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Previous {
    /// When the source responded.
    pub(crate) fetched_at: Option<Timestamp>,
    /// What the collector stored: where to fetch, and the state to compare against.
    pub(crate) memory: Value,
    /// For a conditional request.
    pub(crate) validators: Validators,
}

impl Previous {
    /// The memory in a collector's own type; the default if there is none, or one of another version.
    pub(crate) fn recall<T: serde::de::DeserializeOwned + Default>(&self) -> T {
        T::deserialize(&self.memory).unwrap_or_default()
    }
}

/// What a source returned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The company's signals.
    pub(crate) signals: Vec<Signal>,
    /// What to store for the next fetch.
    pub(crate) memory: Value,
    /// For the next conditional request.
    pub(crate) validators: Validators,
    /// When the source is due again.
    pub(crate) again_in: SignedDuration,
}

impl Found {
    /// These signals; due again on the next day.
    pub(crate) fn daily(signals: Vec<Signal>) -> Self {
        Self {
            signals,
            memory: Value::Null,
            validators: Validators::default(),
            again_in: DAILY,
        }
    }

    /// No signals; due again in a week.
    pub(crate) fn nothing() -> Self {
        Self::daily(Vec::new()).weekly()
    }

    /// The same as the last time.
    pub(crate) fn unchanged(previous: &Previous) -> Self {
        Self {
            memory: previous.memory.clone(),
            validators: previous.validators.clone(),
            ..Self::daily(Vec::new())
        }
    }

    /// Due again in a week.
    pub(crate) fn weekly(self) -> Self {
        Self {
            again_in: WEEKLY,
            ..self
        }
    }

    /// With what to store for the next fetch.
    pub(crate) fn remembering(self, memory: &impl serde::Serialize) -> Result<Self, SourceError> {
        let memory = serde_json::to_value(memory)?;
        Ok(Self { memory, ..self })
    }

    /// With the validators of the response.
    pub(crate) fn validated(self, validators: Validators) -> Self {
        Self { validators, ..self }
    }
}
