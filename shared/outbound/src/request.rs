use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

/// An HTTP request to a third party.
#[derive(Clone, Debug)]
pub struct OutboundRequest {
    /// Its method.
    pub method: Method,
    /// Its URL.
    pub url: Url,
    /// Its headers; `Host` and `Content-Length` are added.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl OutboundRequest {
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

/// The limits of a request and its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first DNS look-up to the last byte, redirects included.
    pub time: Duration,
    /// Of the response's body, in bytes.
    pub body: usize,
    /// Whether a longer body is cut, and is no error. The rest is not read.
    pub cut: bool,
    /// How many redirects are followed. With 0 a redirect is returned as the response.
    pub redirects: usize,
}

/// A complete response, whatever its status.
#[derive(Clone, Debug)]
pub struct OutboundResponse {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// The URL that it came from, which is another than the request's after a redirect.
    pub url: Url,
}

impl OutboundResponse {
    /// The URL that the response redirects to; none if it is no redirect, or its `Location` is no URL. It is not checked: the
    /// request to it is.
    pub fn redirect(&self) -> Option<Url> {
        redirect(self.status, &self.headers, &self.url)
    }
}

pub(crate) fn redirect(status: StatusCode, headers: &HeaderMap, from: &Url) -> Option<Url> {
    let moved = matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = headers.get(LOCATION).filter(|_| moved)?.to_str().ok()?;
    from.join(location).ok()
}
