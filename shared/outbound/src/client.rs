use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, LOCATION};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use crate::connect::{Connector, Resolve, system};
use crate::policy::origin;
use crate::{Ask, Limits, OutboundError, Policy, Reply};

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(20);
/// How many of them, a host.
const IDLE_A_HOST: usize = 4;

type Https = Client<HttpsConnector<Connector>, Full<Bytes>>;

/// Asks over the internet. Cloning shares the connections.
#[derive(Clone)]
pub struct Outbound {
    policy: Arc<Policy>,
    resolve: Resolve,
    client: Arc<OnceLock<Https>>,
}

impl Outbound {
    /// A client under this policy. Opens nothing.
    pub fn new(policy: Policy) -> Self {
        Self::resolving(policy, system())
    }

    pub(crate) fn resolving(policy: Policy, resolve: Resolve) -> Self {
        Self {
            policy: Arc::new(policy),
            resolve,
            client: Arc::default(),
        }
    }

    /// The answer, read to its end, whatever its status. An error says that there is none, or none within the limits.
    pub async fn send(&self, ask: Ask, limits: Limits) -> Result<Reply, OutboundError> {
        let whole = self.follow(ask, limits);
        tokio::time::timeout(limits.time, whole)
            .await
            .map_err(|_| OutboundError::TimedOut(limits.time))?
    }

    async fn follow(&self, mut ask: Ask, limits: Limits) -> Result<Reply, OutboundError> {
        for _ in 0..=limits.redirects {
            self.policy.check(&ask.url)?;
            let response = self.exchange(&ask).await?;
            let next = (limits.redirects > 0).then(|| redirect(&ask, &response));
            let Some(next) = next.flatten() else {
                return read(ask.url, response, limits.body).await;
            };
            if origin(&next) != origin(&ask.url) {
                ask.headers.remove(AUTHORIZATION);
                ask.headers.remove(COOKIE);
            }
            ask.url = next;
        }
        Err(OutboundError::TooManyRedirects(limits.redirects))
    }

    async fn exchange(&self, ask: &Ask) -> Result<Response<Incoming>, OutboundError> {
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(self.policy.route(&ask.url).as_str())
            .body(Full::new(ask.body.clone()))
            .map_err(|_| OutboundError::Url("it is no HTTP address"))?;
        *request.headers_mut() = ask.headers.clone();
        let client = self
            .client
            .get_or_init(|| client(&self.policy, &self.resolve));
        client.request(request).await.map_err(OutboundError::of)
    }
}

/// Where an answer sends the one who asked; none if it is an answer to keep. Only what changes nothing is asked again.
fn redirect(ask: &Ask, response: &Response<Incoming>) -> Option<Url> {
    let moved = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    if !moved || !matches!(ask.method, Method::GET | Method::HEAD) {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    ask.url.join(location).ok()
}

async fn read(url: Url, response: Response<Incoming>, most: usize) -> Result<Reply, OutboundError> {
    let (parts, body) = response.into_parts();
    if announced(&parts.headers).is_some_and(|length| length > most) {
        return Err(OutboundError::TooLarge(most));
    }
    let body = match Limited::new(body, most).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(OutboundError::TooLarge(most)),
        Err(error) => return Err(OutboundError::Broken(error)),
    };
    Ok(Reply {
        status: parts.status,
        headers: parts.headers,
        body,
        url,
    })
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// HTTP/1.1 over rustls with ring, and the roots that Mozilla trusts: the others are not Amazon's.
fn client(policy: &Arc<Policy>, resolve: &Resolve) -> Https {
    let connector = Connector::new(policy.clone(), resolve.clone());
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls());
    let https = tls.https_or_http().enable_http1().wrap_connector(connector);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_A_HOST)
        .build(https)
}

fn tls() -> rustls::ClientConfig {
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    let roots: rustls::RootCertStore = roots.collect();
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
