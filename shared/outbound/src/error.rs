use std::time::Duration;

use crate::connect::ConnectError;
use crate::{Cause, Ports};

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The URL is not allowed: not https, no host, or with a user name in it.
    #[error("this URL is not allowed: {0}")]
    Url(&'static str),
    /// The URL's port is none of the policy's, which are these.
    #[error("this URL is not allowed: its port is not {0}")]
    Port(Ports),
    /// The host has no address that is globally reachable.
    #[error("{host} has no public address")]
    NotPublic {
        /// The host.
        host: String,
    },
    /// The name does not resolve, the host does not accept the connection, or the certificate is not the host's.
    #[error("no connection")]
    NoConnection(#[source] Cause),
    /// The exchange took too long.
    #[error("no complete response within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The body is larger than the caller reads.
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize),
    /// More redirects than the caller follows.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
    /// The connection ended before the response did.
    #[error("the connection broke off")]
    Broken(#[source] Cause),
    /// The response does not begin as one of HTTP/1.1 does, or its headers are too many or too large.
    #[error("the response is not valid HTTP/1.1")]
    NotHttp(#[source] Cause),
}

impl OutboundError {
    /// An error of the client, or of the connector below it.
    pub(crate) fn of(error: hyper_util::client::legacy::Error) -> Self {
        let is_connect = error.is_connect();
        let cause = Cause::new(error);
        if let Some(ConnectError::NotPublic { host }) = cause.find() {
            return Self::NotPublic { host: host.clone() };
        }
        if is_connect {
            Self::NoConnection(cause)
        } else if cause.find().is_some_and(hyper::Error::is_parse) {
            Self::NotHttp(cause)
        } else {
            Self::Broken(cause)
        }
    }
}
