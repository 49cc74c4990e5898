use endpoints::Endpoint;
use http::request::Parts;
use http::{HeaderValue, Method};
use idempotency::{IdempotencyKey, KeyError};
use types::{Deadline, Timestamp};

const HEADER: &str = "idempotency-key";

/// A request that carries an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub(crate) struct IdempotentRequest {
    pub(crate) key: Result<IdempotencyKey, KeyError>,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The function's deadline.
    pub(crate) ends: Option<Timestamp>,
}

impl IdempotentRequest {
    /// None without the header, and for an endpoint that does not accept one.
    pub(crate) fn of(parts: &Parts, endpoint: &Endpoint) -> Option<Self> {
        if !endpoint.idempotent || !parts.headers.contains_key(HEADER) {
            return None;
        }
        let values = parts.headers.get_all(HEADER).into_iter();
        let ends = parts.extensions.get::<Deadline>();
        Some(Self {
            key: IdempotencyKey::read(values.map(HeaderValue::as_bytes)),
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            ends: ends.map(|Deadline(at)| *at),
        })
    }
}
