#![doc = include_str!("../README.md")]

mod error;
mod figures;
mod model;
mod prompt;
mod verify;

use std::time::Duration;

use aws_types::SdkConfig;
use config::Env;
use intent::{Score, Texts};
use types::{Chain, Clock, Timestamp};

use crate::error::ReasoningError;
use crate::model::Model;

/// The time limit of a model.
const MAX_TIME: Duration = Duration::from_millis(1_200);
/// With less time than this left, no model is called: none writes three texts so fast.
const MIN_TIME: Duration = Duration::from_millis(200);

/// Writes the texts of scores with a language model.
#[derive(Clone, Debug)]
pub struct Writer {
    model: Model,
    clock: Clock,
}

impl Writer {
    /// With the model that `REASONING_MODEL_ID` names; none if that is not set. Makes no call and creates no client.
    /// `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` says where the service is, if it is not at its usual address.
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Option<Self> {
        Some(Self {
            model: Model::from_env(env, aws)?,
            clock,
        })
    }

    /// The texts of a score, within 1.2 seconds and before `deadline`. None if the model is late, fails, or writes what the
    /// score does not say; that is logged here. A score without listed signals makes no call.
    pub async fn texts(&self, score: &Score, deadline: Timestamp) -> Option<Texts> {
        let left = deadline.duration_since(self.clock.now());
        let within = Duration::try_from(left).unwrap_or_default().min(MAX_TIME);
        if score.signals.is_empty() || within < MIN_TIME {
            return None;
        }
        match tokio::time::timeout(within, self.write(score)).await {
            Ok(Ok(texts)) => Some(texts),
            Ok(Err(error)) => not_written(&error),
            Err(_) => not_written(&ReasoningError::Late(within.as_millis())),
        }
    }

    async fn write(&self, score: &Score) -> Result<Texts, ReasoningError> {
        let document = prompt::document(score);
        let output = self.model.call(prompt::INSTRUCTIONS, &document).await?;
        verify::texts(&output, &document, &score.domain)
    }
}

fn not_written(error: &ReasoningError) -> Option<Texts> {
    tracing::warn!(error = %Chain(error), "a score has the templates' texts");
    None
}
