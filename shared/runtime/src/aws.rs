//! The configuration that all AWS clients share.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use config::{ConfigError, Env};
use types::Clock;

use crate::fresh_client::FreshClient;

/// Amazon Root CA 1–4 and the Starfield root they are cross-signed by (<https://www.amazontrust.com/repository/>).
const ROOTS: &[u8] = include_bytes!("../certs/amazon-roots.pem");

/// How long a connection may be idle. DynamoDB closes it after about 60 seconds.
const IDLE: Duration = Duration::from_secs(30);

/// How long a call to a service may take, its retries included, in milliseconds.
const CALL_TIMEOUT_MS: u64 = 2_500;

/// The configuration of a function, from `AWS_REGION`, `AWS_ENDPOINT_URL` (an emulator's address, if set),
/// `NATIVE_ROOTS` (1: trust the system's certificates as well, for private endpoints), `CALL_TIMEOUT_MS` (default
/// 2,500: how long a call may take, retries included) and the credential variables that Lambda sets.
pub fn config(env: &Env) -> Result<Arc<SdkConfig>, ConfigError> {
    Ok(Arc::new(
        builder(env, http_client(env.flag("NATIVE_ROOTS")?))?.build(),
    ))
}

/// The same with another HTTP client, for tests that intercept requests.
pub fn config_over(env: &Env, http: SharedHttpClient) -> Result<Arc<SdkConfig>, ConfigError> {
    Ok(Arc::new(builder(env, http)?.build()))
}

/// The HTTP client of all services: HTTP/1.1, rustls with ring. Its connections are closed when they are idle, before the
/// service does: a request on a connection that is closed gives no response, and nobody knows whether it arrived.
pub fn http_client(native_roots: bool) -> SharedHttpClient {
    let client = move || sdk_client(native_roots);
    SharedHttpClient::new(FreshClient::new(Clock::system(), IDLE, client))
}

/// The SDK's HTTP client. It is made at the first request: it reads the certificates, and would read them whenever a service's
/// client is created.
fn sdk_client(native_roots: bool) -> SharedHttpClient {
    let trust = TrustStore::empty()
        .with_native_roots(native_roots)
        .with_pem_certificate(ROOTS);
    let tls = TlsContext::builder().with_trust_store(trust).build();
    let client = aws_smithy_http_client::Builder::new()
        .pool_idle_timeout(IDLE)
        .tls_provider(Provider::Rustls(CryptoMode::Ring));
    match tls {
        Ok(tls) => client.tls_context(tls).build_https(),
        Err(error) => unreachable(&error),
    }
}

fn unreachable(error: &dyn std::error::Error) -> ! {
    #[expect(
        clippy::panic,
        reason = "the embedded certificates are part of the binary"
    )]
    {
        panic!("the embedded root certificates cannot be read: {error}")
    }
}

/// How long a connection, an attempt and a whole call may take, from `CALL_TIMEOUT_MS`. The SDK has no limit on whole calls.
pub fn timeouts(env: &Env) -> Result<TimeoutConfig, ConfigError> {
    let whole = Duration::from_millis(env.number("CALL_TIMEOUT_MS")?.unwrap_or(CALL_TIMEOUT_MS));
    Ok(TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(whole * 3 / 5)
        .operation_timeout(whole)
        .build())
}

fn builder(
    env: &Env,
    http: SharedHttpClient,
) -> Result<aws_types::sdk_config::Builder, ConfigError> {
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(env.required("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(EnvCredentials(env.clone())))
        .http_client(http)
        .timeout_config(timeouts(env)?)
        .retry_config(RetryConfig::standard().with_max_attempts(3));
    builder.set_endpoint_url(env.optional("AWS_ENDPOINT_URL"));
    Ok(builder)
}

/// The credentials of the function's role, which Lambda sets in the environment.
#[derive(Debug)]
struct EnvCredentials(Env);

impl ProvideCredentials for EnvCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let read = || {
            let key = self.0.required("AWS_ACCESS_KEY_ID")?;
            let secret = self.0.required("AWS_SECRET_ACCESS_KEY")?;
            Ok::<_, ConfigError>(Credentials::new(
                key,
                secret,
                self.0.optional("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ))
        };
        future::ProvideCredentials::ready(read().map_err(CredentialsError::not_loaded))
    }
}
