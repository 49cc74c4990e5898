use axum::Router;
use axum::body::{Body, Bytes};
use endpoints::{Dialect, Endpoint};
use http::response::Parts;
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use types::{Deadline, Timestamp};

use crate::{Answer, Customer, description};

/// A request under construction.
pub struct Call {
    router: Router,
    request: http::request::Builder,
    body: Body,
    dialect: Dialect,
    /// Whether the response has to be as the API's description has it.
    is_described: bool,
}

impl Call {
    /// A POST to another router, whose handlers are a test's own.
    pub fn post_to(router: &Router, path: &str) -> Self {
        Self {
            is_described: false,
            ..Self::new(router.clone(), request(http::Method::POST, path))
        }
    }

    pub(crate) fn new(router: Router, request: http::request::Builder) -> Self {
        Self {
            router,
            request,
            body: Body::empty(),
            dialect: Dialect::Standard,
            is_described: true,
        }
    }

    pub(crate) fn in_dialect(self, dialect: Dialect) -> Self {
        Self { dialect, ..self }
    }

    /// With a customer's key in the header of the path's dialect.
    #[must_use]
    pub fn key(self, customer: &Customer) -> Self {
        match self.dialect {
            Dialect::Standard => self.bearer(&customer.raw),
            Dialect::LeadsGraphql => self.basic(customer),
            Dialect::LeadsRest => self.api_key(customer),
        }
    }

    /// With a customer's key as `Authorization: Basic`.
    #[must_use]
    pub fn basic(self, customer: &Customer) -> Self {
        self.header("authorization", &format!("Basic {}", customer.raw))
    }

    /// With a customer's key as `X-API-Key`.
    #[must_use]
    pub fn api_key(self, customer: &Customer) -> Self {
        self.header("x-api-key", &customer.raw)
    }

    /// With `Authorization: Bearer` and any text.
    #[must_use]
    pub fn bearer(self, raw: &str) -> Self {
        self.header("authorization", &format!("Bearer {raw}"))
    }

    /// With a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self {
            request: self.request.header(name, value),
            ..self
        }
    }

    /// With the deadline of the invocation.
    #[must_use]
    pub fn ends(self, at: Timestamp) -> Self {
        Self {
            request: self.request.extension(Deadline(at)),
            ..self
        }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With a body and its content type.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into().into(),
            ..self.header("content-type", content_type)
        }
    }

    /// With a CSV file.
    #[must_use]
    pub fn csv(self, file: &str) -> Self {
        self.body("text/csv", file)
    }

    /// With a multipart form of one file field, as sent by browsers and curl.
    #[must_use]
    pub fn form(self, field: &str, file: impl AsRef<[u8]>) -> Self {
        let head = format!(
            "--frontier\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
             --frontier\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"companies.csv\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), file.as_ref(), b"\r\n--frontier--\r\n"].concat();
        self.body("multipart/form-data; boundary=frontier", body)
    }

    /// The endpoint of the table that it calls, if it does.
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        let (method, uri) = (self.request.method_ref()?, self.request.uri_ref()?);
        endpoints::all().find(|endpoint| endpoint.matches(method.as_str(), uri.path()))
    }

    /// Sends the request and returns the response.
    pub async fn send(self) -> Answer {
        let (parts, bytes) = self.answered().await;
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: bytes.into(),
            json,
        }
    }

    /// Sends the request; returns headers and body of a successful response.
    pub async fn file(self) -> (HeaderMap, String) {
        let (parts, bytes) = self.answered().await;
        assert!(parts.status.is_success(), "{bytes:?}");
        (parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn answered(self) -> (Parts, Bytes) {
        let is_described = self.is_described;
        let request = self.request.body(self.body).unwrap();
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let response: Response<Body> = self.router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        if is_described {
            let response = description::Response {
                status: parts.status,
                headers: &parts.headers,
                body: &body,
            };
            description::check(method.as_str(), uri.path(), &response);
        }
        (parts, body)
    }
}

/// A request builder for a path.
pub(crate) fn request(method: http::Method, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path)
}
