use intent::Signal;
use jiff::SignedDuration;
use serde_json::Value;
use types::{Domain, Timestamp};

use crate::Missed;
use crate::web::Validators;

/// What is new every day is asked for again when the score that rests on it ends, which is a day after it was made.
pub(crate) const DAILY: SignedDuration = SignedDuration::from_hours(23);
/// What hardly ever changes.
pub(crate) const WEEKLY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A company as sources know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Company {
    /// Its domain.
    pub(crate) domain: Domain,
    /// The name before the public suffix, such as `stripe`.
    pub(crate) label: String,
}

impl Company {
    /// The company of a domain.
    pub(crate) fn of(domain: &Domain) -> Self {
        let label = domain.as_str().split('.').next().unwrap_or_default();
        Self {
            domain: domain.clone(),
            label: label.to_owned(),
        }
    }

    /// Whether an address is on the company's own domain.
    pub(crate) fn owns(&self, url: &str) -> bool {
        Domain::parse(url).is_ok_and(|domain| domain == self.domain)
    }

    /// Whether a name alone ties something to this company: only where its domain is that name under `.com`.
    pub(crate) fn is_named_by_label(&self) -> bool {
        self.domain.as_str().strip_suffix(".com") == Some(self.label.as_str())
    }
}

/// What is remembered of the last time that a source answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Kept {
    /// When it answered.
    pub(crate) fetched_at: Option<Timestamp>,
    /// What the collector wanted to remember: where to ask, and what to see changes against.
    pub(crate) memory: Value,
    /// What tells the source that we have its answer.
    pub(crate) validators: Validators,
}

impl Kept {
    /// The memory in a collector's own form; the default if there is none, or one of another version.
    pub(crate) fn recall<T: serde::de::DeserializeOwned + Default>(&self) -> T {
        T::deserialize(&self.memory).unwrap_or_default()
    }
}

/// What a source gave.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// What it says of the company.
    pub(crate) signals: Vec<Signal>,
    /// What to remember for the next time.
    pub(crate) memory: Value,
    /// What tells the source that we have its answer.
    pub(crate) validators: Validators,
    /// When to ask again.
    pub(crate) again_in: SignedDuration,
}

impl Found {
    /// These signals, asked for again on the next day.
    pub(crate) fn daily(signals: Vec<Signal>) -> Self {
        Self {
            signals,
            memory: Value::Null,
            validators: Validators::default(),
            again_in: DAILY,
        }
    }

    /// Nothing, for a week.
    pub(crate) fn nothing() -> Self {
        Self {
            again_in: WEEKLY,
            ..Self::daily(Vec::new())
        }
    }

    /// The same as last time.
    pub(crate) fn unchanged(kept: &Kept) -> Self {
        Self {
            memory: kept.memory.clone(),
            validators: kept.validators.clone(),
            ..Self::daily(Vec::new())
        }
    }

    /// With what to remember.
    pub(crate) fn remembering(self, memory: &impl serde::Serialize) -> Result<Self, Missed> {
        let memory = serde_json::to_value(memory)?;
        Ok(Self { memory, ..self })
    }

    /// With what to show the source next time.
    pub(crate) fn validated(self, validators: Validators) -> Self {
        Self { validators, ..self }
    }
}
