use std::convert::Infallible;

use axum::extract::FromRequestParts;
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
        let origin = parts.uri.scheme().zip(parts.uri.authority());
        Ok(Self(origin.map(|(scheme, authority)| {
            format!("{scheme}://{authority}")
        })))
    }
}
