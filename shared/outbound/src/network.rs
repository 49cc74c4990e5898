use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures::future::BoxFuture;
use rustls::RootCertStore;
use tokio::net::TcpStream;

/// Resolves a host name.
pub(crate) type Resolve =
    Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Opens a connection.
pub(crate) type Dial =
    Arc<dyn Fn(SocketAddr) -> BoxFuture<'static, io::Result<TcpStream>> + Send + Sync>;

/// What lies between a URL and its server: how names are resolved, how connections are opened, and who is believed about
/// certificates. Tests have networks of their own.
#[derive(Clone)]
pub(crate) struct Network {
    pub(crate) resolve: Resolve,
    pub(crate) dial: Dial,
    pub(crate) roots: Arc<dyn Fn() -> RootCertStore + Send + Sync>,
}

impl Network {
    /// The operating system's, with the roots that Mozilla trusts, since third parties do not use Amazon's.
    pub(crate) fn system() -> Self {
        Self {
            resolve: Arc::new(|host| {
                Box::pin(async move {
                    let found = tokio::net::lookup_host((host, 0)).await?;
                    Ok(found.map(|address| address.ip()).collect())
                })
            }),
            dial: Arc::new(|address| Box::pin(TcpStream::connect(address))),
            roots: Arc::new(|| webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()),
        }
    }
}
