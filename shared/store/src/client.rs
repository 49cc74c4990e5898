use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_types::SdkConfig;

use crate::endpoint::KeptEndpoint;
use crate::headers::FewHeaders;
use crate::retry::ByCall;
use crate::sigv4::SigV4;

/// A DynamoDB client with the retry rules of this crate. Cloning shares its connections.
#[derive(Clone, Debug)]
pub struct Dynamo(pub(crate) Client);

impl Dynamo {
    /// A client on this configuration. Makes no call.
    pub fn new(config: &SdkConfig) -> Self {
        let config = aws_sdk_dynamodb::config::Builder::from(config)
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(5)
                    .with_initial_backoff(Duration::from_millis(25)),
            )
            .retry_classifier(ByCall)
            .push_auth_scheme(SigV4::default())
            .endpoint_resolver(KeptEndpoint::default())
            .interceptor(FewHeaders)
            // Its responses are small, and every call has a time limit.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self(Client::from_conf(config))
    }
}
