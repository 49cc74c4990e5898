use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use config::Env;
use serde::Deserialize;

/// The local stack that the tests run on, as its `stack.json` describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct Stack {
    /// Base URL of the deployed HTTP API.
    pub base_url: String,
    /// Endpoint of the local AWS.
    pub endpoint_url: String,
    /// Its region.
    pub region: String,
    /// Base URL of the server that stands for every other host.
    pub web_url: String,
    /// The deployed tables by their role.
    pub tables: HashMap<String, String>,
    /// The deployed bucket.
    pub bucket: String,
    /// The deployed queues by their role.
    pub queues: HashMap<String, String>,
    /// The key that encrypts the secrets of webhooks.
    pub webhook_key: String,
    /// The deployed refresher's name.
    pub refresher: String,
    /// The demo account's keys by product.
    pub keys: HashMap<String, String>,
    /// The user pool client of the demo user.
    pub user_pool_client: String,
    /// The demo user.
    pub user: DemoUser,
}

/// A user in the user pool of the local stack.
#[derive(Clone, Debug, Deserialize)]
pub struct DemoUser {
    /// Its e-mail address.
    pub username: String,
    /// Its password.
    pub password: String,
}

/// The time limit of an attempt.
pub(crate) const ATTEMPT_LIMIT: Duration = Duration::from_mins(1);

impl Stack {
    /// The stack in the file `ASSAY_STACK_FILE`. Fails the test without one: no test passes without what it needs.
    pub fn running() -> Self {
        let path = Self::file();
        let json = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The path of that file.
    pub fn file() -> String {
        Env::process().optional("ASSAY_STACK_FILE").expect(
            "ASSAY_STACK_FILE is not set: run `make test`, or `make up` and then \
             `ASSAY_STACK_FILE=$PWD/.local/stack.json cargo test -p tests`",
        )
    }

    /// The environment variables of clients of the local AWS.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_REGION", self.region.clone()),
            ("AWS_ENDPOINT_URL", self.endpoint_url.clone()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            // A thousand concurrent calls queue in the local AWS.
            ("CALL_TIMEOUT_MS", "60000".to_owned()),
        ]
    }

    /// The configuration of the functions' clients with longer timeouts: the local AWS is one process on a busy machine, where
    /// 300 concurrent calls queue for longer than on AWS.
    pub fn aws(&self, http: SharedHttpClient) -> Arc<SdkConfig> {
        let config = runtime::aws::config_over(&Env::from_pairs(self.env()), http).unwrap();
        let patience = TimeoutConfig::builder()
            .connect_timeout(Duration::from_mins(1))
            .operation_attempt_timeout(ATTEMPT_LIMIT)
            .build();
        Arc::new(
            SdkConfig::clone(&config)
                .into_builder()
                .timeout_config(patience)
                .build(),
        )
    }

    /// The variables of the deployed functions.
    pub fn deployed_env(&self) -> Env {
        let tables = [
            ("ACCOUNTS_TABLE", "accounts"),
            ("WORKSPACE_TABLE", "workspace"),
            ("INTEL_TABLE", "intel"),
        ];
        let tables = tables.map(|(name, role)| (name, self.tables[role].clone()));
        Env::from_pairs(
            self.env()
                .into_iter()
                .chain(tables)
                .chain([("BUCKET", self.bucket.clone())]),
        )
    }
}
