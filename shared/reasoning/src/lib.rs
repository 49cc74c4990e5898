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

/// The longest that a model may take.
const LONGEST: Duration = Duration::from_millis(1_200);
/// With less time than this left, no model is asked: none answers three texts so fast.
const SHORTEST: Duration = Duration::from_millis(200);

/// Has a language model put scores into words.
#[derive(Clone, Debug)]
pub struct Writer {
    model: Model,
    clock: Clock,
}

impl Writer {
    /// With the model that `REASONING_MODEL_ID` names; none if that is not set. Makes no call, and no client.
    /// `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` says where the service is, if it is not at its usual address.
    pub fn from_env(env: &Env, aws: &SdkConfig, clock: Clock) -> Option<Self> {
        Some(Self {
            model: Model::from_env(env, aws)?,
            clock,
        })
    }

    /// The texts of a score: within 1.2 seconds, and before `by`. None if the model is not in time, fails, or writes what
    /// the score does not say; that is logged here. Without listed signals there is nothing to tell, and no call.
    pub async fn texts(&self, score: &Score, by: Timestamp) -> Option<Texts> {
        let left = by.duration_since(self.clock.now());
        let within = Duration::try_from(left).unwrap_or_default().min(LONGEST);
        if score.signals.is_empty() || within < SHORTEST {
            return None;
        }
        match tokio::time::timeout(within, self.write(score)).await {
            Ok(Ok(texts)) => Some(texts),
            Ok(Err(error)) => unwritten(&error),
            Err(_) => unwritten(&ReasoningError::Late(within.as_millis())),
        }
    }

    async fn write(&self, score: &Score) -> Result<Texts, ReasoningError> {
        let document = prompt::document(score);
        let answer = self.model.ask(prompt::INSTRUCTIONS, &document).await?;
        verify::texts(&answer, &document, &score.domain)
    }
}

fn unwritten(error: &ReasoningError) -> Option<Texts> {
    tracing::warn!(error = %Chain(error), "the texts of a score are the template's");
    None
}
