use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE};
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use crate::connect::{ConnectError, Connector};
use crate::network::Network;
use crate::policy::origin;
use crate::request::redirect;
use crate::{Cause, Limits, OutboundError, OutboundRequest, OutboundResponse, Policy, Ports};

/// How long an idle connection stays open.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Idle connections per host.
const MAX_IDLE_PER_HOST: usize = 4;

type Https = Client<HttpsConnector<Connector>, Full<Bytes>>;

/// Sends requests over the internet. Cloning shares the connections.
#[derive(Clone)]
pub struct Outbound {
    policy: Arc<Policy>,
    network: Network,
    client: Arc<OnceLock<Https>>,
}

impl Outbound {
    /// A client with this policy. Opens no connection.
    pub fn new(policy: Policy) -> Self {
        Self::on(policy, Network::system())
    }

    pub(crate) fn on(policy: Policy, network: Network) -> Self {
        Self {
            policy: Arc::new(policy),
            network,
            client: Arc::default(),
        }
    }

    /// The ports that its URLs may have.
    pub fn ports(&self) -> &Ports {
        &self.policy.ports
    }

    /// Checks that a URL may be requested: its form, and that its name resolves to a public address at this moment. Sends nothing.
    ///
    /// # Errors
    /// As [`Outbound::send`] has them before it connects.
    pub async fn check(&self, url: &Url, time: Duration) -> Result<(), OutboundError> {
        self.policy.check(url)?;
        let connector = Connector::new(self.policy.clone(), self.network.clone());
        let target = self.policy.target(url);
        let uri = target
            .as_str()
            .parse()
            .map_err(|_| OutboundError::Url("it is not an HTTP URL"))?;
        let addresses = tokio::time::timeout(time, connector.addresses(&uri)).await;
        match addresses.map_err(|_| OutboundError::TimedOut(time))? {
            Ok(_) => Ok(()),
            Err(ConnectError::NotPublic { host }) => Err(OutboundError::NotPublic { host }),
            Err(error) => Err(OutboundError::NoConnection(Cause::new(error))),
        }
    }

    /// Sends a request and returns the complete response, whatever its status. It is an error if there is none within the
    /// limits.
    pub async fn send(
        &self,
        request: OutboundRequest,
        limits: Limits,
    ) -> Result<OutboundResponse, OutboundError> {
        let whole = self.follow(request, limits);
        tokio::time::timeout(limits.time, whole)
            .await
            .map_err(|_| OutboundError::TimedOut(limits.time))?
    }

    async fn follow(
        &self,
        mut request: OutboundRequest,
        limits: Limits,
    ) -> Result<OutboundResponse, OutboundError> {
        for _ in 0..=limits.redirects {
            self.policy.check(&request.url)?;
            let response = self.exchange(&request).await?;
            let is_safe = matches!(request.method, Method::GET | Method::HEAD);
            let next = (is_safe && limits.redirects > 0)
                .then(|| redirect(response.status(), response.headers(), &request.url));
            let Some(next) = next.flatten() else {
                return read(request.url, response, limits).await;
            };
            if origin(&next) != origin(&request.url) {
                request.headers.remove(AUTHORIZATION);
                request.headers.remove(COOKIE);
            }
            request.url = next;
        }
        Err(OutboundError::TooManyRedirects(limits.redirects))
    }

    async fn exchange(
        &self,
        request: &OutboundRequest,
    ) -> Result<Response<Incoming>, OutboundError> {
        let mut sent = Request::builder()
            .method(request.method.clone())
            .uri(self.policy.target(&request.url).as_str())
            .body(Full::new(request.body.clone()))
            .map_err(|_| OutboundError::Url("it is not an HTTP URL"))?;
        *sent.headers_mut() = request.headers.clone();
        let client = self
            .client
            .get_or_init(|| client(&self.policy, &self.network));
        client.request(sent).await.map_err(OutboundError::of)
    }
}

async fn read(
    url: Url,
    response: Response<Incoming>,
    limits: Limits,
) -> Result<OutboundResponse, OutboundError> {
    let max = limits.body;
    let (parts, body) = response.into_parts();
    if limits.cut {
        return Ok(OutboundResponse {
            status: parts.status,
            headers: parts.headers,
            body: beginning(body, max).await?,
            url,
        });
    }
    if content_length(&parts.headers).is_some_and(|length| length > max) {
        return Err(OutboundError::TooLarge(max));
    }
    let body = match Limited::new(body, max).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(OutboundError::TooLarge(max)),
        Err(error) => return Err(OutboundError::Broken(Cause::new(error))),
    };
    Ok(OutboundResponse {
        status: parts.status,
        headers: parts.headers,
        body,
        url,
    })
}

/// The first bytes of a body. The connection is closed if there are more.
async fn beginning(mut body: Incoming, max: usize) -> Result<Bytes, OutboundError> {
    let mut read = Vec::new();
    while read.len() < max
        && let Some(frame) = body.frame().await
    {
        let frame = frame.map_err(|error| OutboundError::Broken(Cause::new(error)))?;
        let data = frame.into_data().unwrap_or_default();
        let room = max - read.len();
        read.extend(data.into_iter().take(room));
    }
    Ok(read.into())
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// HTTP/1.1 over rustls with ring.
fn client(policy: &Arc<Policy>, network: &Network) -> Https {
    let connector = Connector::new(policy.clone(), network.clone());
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls((network.roots)()));
    let https = tls.https_or_http().enable_http1().wrap_connector(connector);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .build(https)
}

fn tls(roots: rustls::RootCertStore) -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    #[expect(clippy::expect_used, reason = "the provider has the default versions")]
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3");
    builder.with_root_certificates(roots).with_no_client_auth()
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outbound").field(&self.policy).finish()
    }
}
