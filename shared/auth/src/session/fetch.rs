use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;

use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::context::{self, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use http::Uri;
use http_body_util::{BodyExt, Limited};

/// The time limit of a fetch.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The largest document that is read.
const MAX_BYTES: usize = 64 * 1024;

/// The URL of a document.
#[derive(Clone, Debug)]
pub(super) struct Address {
    origin: String,
    path: String,
}

impl Address {
    pub(super) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        Some(Self {
            origin: format!("{}://{}", uri.scheme_str()?, uri.authority()?),
            path: uri.path_and_query()?.to_string(),
        })
    }
}

/// Fetches a document with the HTTP client of the AWS clients, so that there is one HTTP stack. No redirects, no retries.
pub(super) async fn fetch(
    http: SharedHttpClient,
    address: &Address,
) -> Result<Bytes, Box<dyn Error + Send + Sync>> {
    let path = address.path.clone();
    let get = Operation::builder()
        .service_name("issuer")
        .operation_name("read keys")
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .endpoint_url(&address.origin)
        .no_auth()
        .no_retry()
        .serializer(move |()| {
            let mut request = HttpRequest::empty();
            request.set_uri(path.as_str())?;
            Ok(request)
        })
        .deserializer_impl::<SdkBody, Infallible>(Successful)
        .build();
    let whole = async {
        let body = get.invoke(()).await?;
        let body = Limited::new(body, MAX_BYTES).collect().await?;
        Ok(body.to_bytes())
    };
    tokio::time::timeout(TIMEOUT, whole).await?
}

/// Passes the body of a 200 on as a stream, so that its size can be limited.
#[derive(Debug)]
struct Successful;

impl DeserializeResponse for Successful {
    fn deserialize_streaming_with_config(
        &self,
        response: &mut HttpResponse,
        _: &ConfigBag,
    ) -> Option<Result<Output, OrchestratorError<context::Error>>> {
        let status = response.status().as_u16();
        Some(if status == 200 {
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            Ok(Output::erase(body))
        } else {
            Err(OrchestratorError::other(format!(
                "the response has status {status}"
            )))
        })
    }
}
