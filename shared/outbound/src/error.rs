use std::error::Error;
use std::time::Duration;

use crate::connect::ConnectError;

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The URL is not allowed: not https, another port than 443, no host, or with a user name in it.
    #[error("this URL is not allowed: {0}")]
    Url(&'static str),
    /// The host has no address that is globally reachable.
    #[error("{host} has no public address")]
    NotPublic {
        /// The host.
        host: String,
    },
    /// The name does not resolve, the host does not accept the connection, or the certificate is not the host's.
    #[error("no connection")]
    NoConnection(#[source] Box<dyn Error + Send + Sync>),
    /// The exchange took too long.
    #[error("no complete response within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The body is larger than the caller reads.
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize),
    /// More redirects than the caller follows.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
    /// The connection ended before the response did, or the response is not HTTP.
    #[error("the connection broke off")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

impl OutboundError {
    /// An error of the client, or of the connector below it.
    pub(crate) fn of(error: hyper_util::client::legacy::Error) -> Self {
        if let Some(ConnectError::NotPublic { host }) = connecting(&error) {
            return Self::NotPublic { host: host.clone() };
        }
        if error.is_connect() {
            Self::NoConnection(error.into())
        } else {
            Self::Broken(error.into())
        }
    }
}

fn connecting<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a ConnectError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
