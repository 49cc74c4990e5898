use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::network::{Dial, Network};
use crate::{Policy, is_public};

/// Connects to addresses that it has checked, and to no others.
#[derive(Clone)]
pub(crate) struct Connector {
    policy: Arc<Policy>,
    network: Network,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("{host} has no public address")]
    NotPublic { host: String },
    #[error("{host} cannot be resolved: {error}")]
    Unresolved { host: String, error: io::Error },
    #[error("{host} cannot be connected to: {}", .error.kind())]
    Unreachable { host: String, error: io::Error },
}

impl Connector {
    pub(crate) fn new(policy: Arc<Policy>, network: Network) -> Self {
        Self { policy, network }
    }

    /// The host of a URL, and its addresses that may be connected to, of which there is at least one.
    pub(crate) async fn addresses(&self, uri: &Uri) -> Result<(String, Vec<IpAddr>), ConnectError> {
        let host = uri.host().unwrap_or_default();
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let found = match host.parse() {
            Ok(literal) => vec![literal],
            Err(_) => match (self.network.resolve)(host.clone()).await {
                Ok(found) => found,
                Err(error) => return Err(ConnectError::Unresolved { host, error }),
            },
        };
        let is_allowed = self.policy.is_allowed(&format!(
            "{}://{}",
            uri.scheme_str().unwrap_or_default(),
            uri.authority().map_or("", |authority| authority.as_str())
        ));
        let checked: Vec<IpAddr> = found
            .into_iter()
            .filter(|address| is_allowed || is_public(*address))
            .collect();
        if checked.is_empty() {
            return Err(ConnectError::NotPublic { host });
        }
        Ok((host, checked))
    }

    async fn connect(self, uri: Uri) -> Result<TcpStream, ConnectError> {
        let is_http = uri.scheme_str() == Some("http");
        let port = uri.port_u16().unwrap_or(if is_http { 80 } else { 443 });
        let (host, checked) = self.addresses(&uri).await?;
        // Every address gets a share of the time, so that one that drops packets does not use up that of the others.
        let share = self.policy.connect / u32::try_from(checked.len()).unwrap_or(u32::MAX);
        match first(&self.network.dial, &checked, port, share).await {
            Ok(stream) => Ok(stream),
            Err(error) => Err(ConnectError::Unreachable { host, error }),
        }
    }
}

async fn first(
    dial: &Dial,
    addresses: &[IpAddr],
    port: u16,
    share: Duration,
) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        let connecting = dial(SocketAddr::new(*address, port));
        match tokio::time::timeout(share, connecting).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.connect(uri).await.map(TokioIo::new) })
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}
