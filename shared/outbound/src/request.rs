use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

/// What is asked of somebody.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How.
    pub method: Method,
    /// Whom and what.
    pub url: Url,
    /// With which headers; `Host` and `Content-Length` are set beside them.
    pub headers: HeaderMap,
    /// With which body.
    pub body: Bytes,
}

impl Ask {
    /// A GET without headers.
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }
}

/// How far an exchange may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first look-up to the last byte, redirects included.
    pub time: Duration,
    /// Of the answer's body, in bytes.
    pub body: usize,
    /// How many redirects are followed. With 0 a redirect is an answer like any other.
    pub redirects: usize,
}

/// An answer, read to its end, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Who answered: another address than was asked, after a redirect.
    pub url: Url,
}
