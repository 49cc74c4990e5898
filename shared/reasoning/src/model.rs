use std::sync::{Arc, OnceLock};

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::{Builder, StalledStreamProtectionConfig};
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, InferenceConfiguration, Message, SystemContentBlock,
};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use config::Env;

use crate::ReasoningError;

/// The longest response, in tokens: the longest texts that are accepted have about 300.
const MAX_TOKENS: i32 = 400;
/// The sampling temperature, 0 to 1: low, as the model has to keep to what it is shown.
const TEMPERATURE: f32 = 0.2;

/// A language model of Amazon Bedrock. The client is made at the first call, since a cached score needs none.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    id: String,
    config: Arc<SdkConfig>,
    endpoint_url: Option<String>,
    client: Arc<OnceLock<Client>>,
}

impl Model {
    pub(crate) fn from_env(env: &Env, aws: &SdkConfig) -> Option<Self> {
        Some(Self {
            id: env.optional("REASONING_MODEL_ID")?,
            config: Arc::new(aws.clone()),
            endpoint_url: env.optional("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
            client: Arc::default(),
        })
    }

    /// The model's response to `document` with `instructions` as the system prompt. Sent once: there is no time for a retry.
    pub(crate) async fn call(
        &self,
        instructions: &str,
        document: &str,
    ) -> Result<String, ReasoningError> {
        let message = Message::builder()
            .role(ConversationRole::User)
            .content(ContentBlock::Text(document.to_owned()))
            .build()
            .map_err(|error| ReasoningError::Call(error.into()))?;
        let limits = InferenceConfiguration::builder()
            .max_tokens(MAX_TOKENS)
            .temperature(TEMPERATURE)
            .build();
        let converse = self
            .client()
            .converse()
            .model_id(&self.id)
            .system(SystemContentBlock::Text(instructions.to_owned()))
            .messages(message)
            .inference_config(limits);
        let response = converse
            .send()
            .await
            .map_err(|error| ReasoningError::Call(error.into()))?;
        let message = response
            .output()
            .and_then(|output| output.as_message().ok())
            .ok_or(ReasoningError::Empty)?;
        let text = message
            .content()
            .iter()
            .find_map(|block| block.as_text().ok());
        text.cloned().ok_or(ReasoningError::Empty)
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let mut config = Builder::from(&*self.config)
                .retry_config(RetryConfig::disabled())
                // The model's responses are small, and every call has a time limit.
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
            if let Some(url) = &self.endpoint_url {
                config = config.endpoint_url(url);
            }
            Client::from_conf(config.build())
        })
    }
}
