use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderName;
use http::header::HOST;
use http::request::Parts;

/// The address that the caller reached this API under, for links in answers.
#[derive(Clone, Debug, Default)]
pub struct Origin(Option<String>);

impl Origin {
    /// The whole address of one of our paths; the path alone where the address is not known.
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
        // API Gateway always says how it was called; a local stack does not, and is called over plain HTTP.
        let scheme = header(HeaderName::from_static("x-forwarded-proto")).unwrap_or("http");
        Ok(Self(header(HOST).map(|host| format!("{scheme}://{host}"))))
    }
}
