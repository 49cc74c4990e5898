use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderName;
use http::header::HOST;
use http::request::Parts;

/// The scheme and host that the caller used to reach this API, for links in responses.
#[derive(Clone, Debug, Default)]
pub struct Origin(Option<String>);

impl Origin {
    /// The URL of one of our paths; the path alone if the origin is not known.
    pub fn link(&self, path: &str) -> String {
        match &self.0 {
            Some(origin) => format!("{origin}{path}"),
            None => path.to_owned(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = |name: HeaderName| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        // API Gateway always sends the scheme; a local stack does not, and is called over plain HTTP.
        let scheme = header(HeaderName::from_static("x-forwarded-proto")).unwrap_or("http");
        Ok(Self(header(HOST).map(|host| format!("{scheme}://{host}"))))
    }
}
